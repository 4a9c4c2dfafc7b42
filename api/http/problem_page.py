"""What a person sees whose browser went to an address where there is no page.

Programs are answered in problem+json everywhere; only a browser that wants to show a page gets one.
"""

from html import escape
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import HTMLResponse

from maps.spoken import TAGS, wanted_language

_API = "/v1/"

_MISSING = {
    "zh": ("没有这个页面", "这个地址没有内容。请检查地址是否写错,或从首页开始。"),
    "en": ("No such page", ("There is nothing at this address. Check its spelling, or begin at the"
           " front page.")),
    "es": ("No existe esta página", ("No hay nada en esta dirección. Revise cómo está escrita o"
           " empiece por la portada.")),
}  # fmt: skip
_AWAY = {
    "zh": ("暂时无法使用", "服务器暂时无法应答。请稍后再试;紧急情况请直接拨打急救电话。"),
    "en": ("Unavailable for now", ("The server cannot answer just now. Try again in a moment; in an"
           " emergency call the ambulance by telephone.")),
    "es": ("No disponible por ahora", ("El servidor no puede responder en este momento. Inténtelo"
           " de nuevo; en una emergencia llame por teléfono a la ambulancia.")),
}  # fmt: skip
_WRONG = {
    "zh": ("出错了", "程序出错,没有保存任何内容。请把编号 {request} 告诉本系统的维护人员。"),
    "en": ("Something went wrong", ("The program made a mistake; nothing was saved. Tell the number"
           " {request} to whoever looks after this installation.")),
    "es": ("Algo salió mal", ("El programa cometió un error; no se guardó nada. Diga el número"
           " {request} a quien cuida esta instalación.")),
}  # fmt: skip
_LINKS = {
    "zh": ("首页", "最近的 AED"),
    "en": ("Front page", "Nearest AED"),
    "es": ("Portada", "DEA más cercano"),
}
_PAGE = """<!doctype html>
<html lang="{tag}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{title} · GoldenHour</title>
  <link rel="icon" href="/static/icon.svg" type="image/svg+xml">
  <script src="/static/js/shell/first.js"></script>
  <link rel="stylesheet" href="/static/css/base.css">
  <link rel="stylesheet" href="/static/css/plain.css">
</head>
<body class="plain">
  <header class="plain-head">
    <a class="brand" href="/">
      <img src="/static/icon.svg" alt="" width="28" height="28"> GoldenHour
    </a>
  </header>
  <main class="login">
    <div class="card">
      <h1>{title}</h1>
      <p>{words}</p>
      <p><a href="/">{home}</a> · <a href="/aed">{aed}</a></p>
    </div>
  </main>
</body>
</html>
"""


def wants_page(request: Request) -> bool:
    """Return whether a browser asks for something to show, and not the API."""
    return (
        request.method in {"GET", "HEAD"}
        and not request.url.path.startswith(_API)
        and "text/html" in request.headers.get("accept", "")
    )


def problem_page(request: Request, status: int) -> HTMLResponse:
    """Return the page of a refusal, in the best language the browser accepts."""
    language = wanted_language(
        request.query_params.get("lang"), request.headers.get("accept-language", "")
    )
    said = _MISSING
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        said = _AWAY if status == HTTPStatus.SERVICE_UNAVAILABLE else _WRONG
    title, words = said[language]
    home, aed = _LINKS[language]
    number = str(request.scope.get("goldenhour_request_id") or "–")
    page = _PAGE.format(
        tag=TAGS[language], title=title, words=escape(words.format(request=number)),
        home=home, aed=aed,
    )  # fmt: skip
    return HTMLResponse(
        page, status, headers={"Cache-Control": "no-store", "Vary": "Accept, Accept-Language"}
    )
