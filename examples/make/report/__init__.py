"""The annual report: layout, chapters and their assembly."""
