"""Reports: documents that rooms build, drawn as page, print, editable text, workbook and map."""
