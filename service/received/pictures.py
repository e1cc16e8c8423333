"""Pictures: JPG, PNG, TIFF."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from service.received.wrong import Wrong
from service.rules.material_files import LONGEST_SIDE, MOST_PAGES, MOST_PIXELS, SCAN_DPI

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
FORMATS = {"jpeg": ("JPEG",), "png": ("PNG",), "tiff": ("TIFF",)}
THUMBNAIL = 360
READING = (OSError, SyntaxError, ValueError, KeyError, IndexError, TypeError, UnidentifiedImageError, EOFError)


def look(path: Path, kind: str, picture: Path, *, scan: bool) -> dict[str, Any]:
    """Wrong: FILE_DAMAGED, PICTURE_TOO_LARGE, FILE_TOO_MANY_PAGES, SCAN_DPI_LOW."""
    with _open(path, FORMATS[kind]) as image:
        pages = getattr(image, "n_frames", 1) if kind == "tiff" else 1
        if pages > MOST_PAGES:
            raise Wrong("FILE_TOO_MANY_PAGES", got=pages, most=MOST_PAGES)
        dpi = _dpi(image)
        if scan and dpi is not None and dpi < SCAN_DPI:
            raise Wrong("SCAN_DPI_LOW", got=dpi, expected=SCAN_DPI)
        _save(image, (THUMBNAIL, THUMBNAIL), picture)
        return {"pages": pages, "dpi": dpi}


def show(path: Path, page: int, width: int, picture: Path, *, turn: int) -> None:
    """Wrong: FILE_DAMAGED."""
    with _open(path, None) as image:
        if page > 1:
            try:
                image.seek(page - 1)
            except READING as error:
                raise Wrong("FILE_DAMAGED") from error
            _measured(image)
        _save(image, (width, width * 3), picture, turn)


def _open(path: Path, formats: tuple[str, ...] | None) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image = Image.open(path, formats=formats or ("JPEG", "PNG", "TIFF"))
        except Image.DecompressionBombError as error:
            raise Wrong("PICTURE_TOO_LARGE", got=f"> {MOST_PIXELS}") from error
        except READING as error:
            raise Wrong("FILE_DAMAGED") from error
    _measured(image)
    return image


def _measured(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise Wrong("PICTURE_TOO_LARGE", got=f"{width}×{height}")
    if min(width, height) < 1:
        raise Wrong("FILE_DAMAGED")


def _dpi(image: Image.Image) -> int | None:
    """The lower of both directions, when the file states one."""
    stated = image.info.get("dpi")
    try:
        lowest = round(min(float(one) for one in stated)) if stated else 0
    except (TypeError, ValueError, OverflowError):
        lowest = 0
    return lowest if lowest > 1 else None


def _save(image: Image.Image, size: tuple[int, int], picture: Path, turn: int = 0) -> None:
    """Decode it as far as needed and write it anew: nothing of the original file is in the copy but its pixels."""
    try:
        image.draft("RGB", size)
        upright = ImageOps.exif_transpose(image)
        if upright.mode in ("RGBA", "LA", "P", "PA"):
            over = upright.convert("RGBA")
            upright = Image.new("RGB", over.size, "white")
            upright.paste(over, mask=over.getchannel("A"))
        elif upright.mode.startswith("I;16") or upright.mode in ("I", "F"):
            upright = upright.point(lambda value: value / 256).convert("L")
        upright = upright.convert("RGB")
        upright.thumbnail(size)
        if turn:
            upright = upright.rotate(-turn, expand=True)
        upright.info.clear()  # a comment would travel along
        upright.save(picture, "JPEG", quality=82, optimize=True)
    except Image.DecompressionBombError as error:
        raise Wrong("PICTURE_TOO_LARGE", got=f"> {MOST_PIXELS}") from error
    except READING as error:
        raise Wrong("FILE_DAMAGED") from error
