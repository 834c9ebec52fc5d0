"""The staff console: pages in Django templates with htmx."""
