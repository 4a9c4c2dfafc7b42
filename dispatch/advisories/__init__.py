"""What others advise dispatch to mind: what, where, since when, until when."""
