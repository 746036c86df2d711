"""The drawing part of a sheet: charts as pictures, one below the other."""

from __future__ import annotations

from collections.abc import Sequence

from ledger_app.export.book import DECLARATION, RELATION_NS

EMU_PER_INCH = 914_400
_DRAWING_NS = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_MAIN_NS = "http://schemas.openxmlformats.org/drawingml/2006/main"


def drawing_xml(titles: Sequence[str], rows: Sequence[int], size_in: tuple[float, float]) -> str:
    """Pictures named rId1, rId2 … with their upper edge at the given rows (from 0), all of one size."""
    width, height = (round(inches * EMU_PER_INCH) for inches in size_in)
    anchors = "".join(
        f"<xdr:oneCellAnchor><xdr:from><xdr:col>0</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row>"
        f'<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx="{width}" cy="{height}"/><xdr:pic><xdr:nvPicPr>'
        f'<xdr:cNvPr id="{number + 1}" name="图{number}" descr="{title}"/><xdr:cNvPicPr>'
        '<a:picLocks noChangeAspect="1"/></xdr:cNvPicPr></xdr:nvPicPr><xdr:blipFill>'
        f'<a:blip r:embed="rId{number}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr>'
        f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:oneCellAnchor>'
        for number, (title, row) in enumerate(zip(titles, rows, strict=True), 1)
    )
    return (
        f'{DECLARATION}<xdr:wsDr xmlns:xdr="{_DRAWING_NS}" xmlns:a="{_MAIN_NS}" xmlns:r="{RELATION_NS}">'
        f"{anchors}</xdr:wsDr>"
    )
