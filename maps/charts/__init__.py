"""Charts: declared once as data, made Vega-Lite once, drawn by the browser and into reports."""
