"""Text in Argo's language: expressions, placeholders, names, and where artifacts lie."""
