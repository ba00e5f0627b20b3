from django import forms


class ExportForm(forms.Form):
    creation_key = forms.UUIDField(widget=forms.HiddenInput)
