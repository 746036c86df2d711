"""Which columns a table shows: a list by group, ticked, answered at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ledger_app.core.entity import Entity
from ledger_app.ui.theme import role

SIZE = (300, 420)


class ColumnChooser(QFrame):
    """Opens below a button. `chosen` carries the names in the order of declaration."""

    chosen = Signal(list)
    usual_asked = Signal()

    def __init__(self, entity: Entity, shown: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        role(self, "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedSize(*SIZE)
        self.boxes: dict[str, QCheckBox] = {}
        inner = QWidget()
        role(inner, "plain")
        column = QVBoxLayout(inner)
        column.setSpacing(2)
        for group in dict.fromkeys(f.group for f in entity.fields):
            heading = QLabel(group)
            role(heading, "group")
            column.addWidget(heading)
            for field in entity.fields:
                if field.group == group:
                    column.addWidget(self._box(field.name, field.heading, field.name in shown))
        column.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        usual = QPushButton("恢复原来的列")
        role(usual, "link")
        usual.clicked.connect(self.usual_asked)
        usual.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addWidget(usual)
        foot.addStretch()
        outer = QVBoxLayout(self)
        outer.addWidget(area)
        outer.addLayout(foot)

    def open_below(self, button: QWidget) -> None:
        at = button.mapToGlobal(QPoint(button.width() - self.width(), button.height() + 4))
        self.move(at)
        self.show()

    def _box(self, name: str, label: str, ticked: bool) -> QCheckBox:
        box = QCheckBox(label)
        box.setChecked(ticked)
        box.toggled.connect(self._changed)
        self.boxes[name] = box
        return box

    def _changed(self) -> None:
        self.chosen.emit([name for name, box in self.boxes.items() if box.isChecked()])
