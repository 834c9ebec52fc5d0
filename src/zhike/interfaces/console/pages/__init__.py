"""One page is one .py and one .html here; nothing else is edited to add one (docs/how-to/add-a-page.md)."""
