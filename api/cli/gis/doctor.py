"""`goldenhour doctor`: is everything here, and if not, what to do."""

import typer


def command() -> None:
    """Check versions, extensions, locale, disk, folders, pages; say what to mend and how."""
    from api.operations.doctor import examine
    from gis.settings import load_settings

    findings = examine(load_settings())
    for finding in findings:
        typer.echo(f"{finding.mark} {finding.subject.en}: {finding.words.en}")
    if any(finding.mark == "✗" for finding in findings):
        raise typer.Exit(1)
