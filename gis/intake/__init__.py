"""Tables that people hand in: any encoding, delimiter, workbook or header, read the same way."""
