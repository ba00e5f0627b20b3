"""From a person and a filter to a file: what pages, API, command and worker share."""
