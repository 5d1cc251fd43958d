import pyarrow

SCRIPT = "<script>parent.document.title='owned'; top.document.title='owned'</script>"
IMAGE = "<img src='http://127.0.0.1:9/x.png' onerror=\"document.title='owned'\">"


def fill():
    return pyarrow.table({"text": ["fine", SCRIPT, IMAGE, "\x1b[31mred\x00", None]})


def score(width):
    return {"loss": 1 / width, "nested": {IMAGE: width, "NaN": float("nan")}}


def draw(rows, picture, page):
    picture.write_text(
        "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='40' onload=\"alert(1)\">"
        "<script>alert(2)</script><rect width='40' height='40' fill='green'/></svg>"
    )
    page.write_text(
        f"<!doctype html><p>A page</p>{SCRIPT}{IMAGE}"
        "<link rel=stylesheet href='http://127.0.0.1:9/x.css'>"
    )


def spoil(rows):
    return rows


def fall(title):
    print("printed", SCRIPT, IMAGE, "</pre></span>")
    raise ValueError(f"{title} {IMAGE}")
