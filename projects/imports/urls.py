from django.urls import path

from projects.imports.views import figures, lists, people, rows

urlpatterns = [
    path("insights/import/", rows.insights, name="insights-import"),
    path("kpis/import/", rows.kpi_values, name="kpis-import"),
    path("segments/figures/", figures.figures, name="segment-figures"),
    path("people/import/", people.people, name="people-import"),
    path("import/", lists.lists, name="imports"),
    path("import/template.csv", lists.template_file, name="import-template"),
    path("import/<int:pk>/", lists.one_list, name="import"),
    path("import/<int:pk>/undo/", lists.undo, name="import-undo"),
]
