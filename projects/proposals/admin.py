from django.contrib import admin

from projects.proposals.models.fields import CustomField
from projects.registers import Register


@admin.register(CustomField)
class CustomFieldAdmin(Register[CustomField]):
    list_display = ("name", "kind", "category", "position", "is_closed")
    fields = ("name", "key", "kind", "choices", "help_text", "category", "position", "is_closed")
    list_filter = ("is_closed",)
    prepopulated_fields = {"key": ("name",)}
