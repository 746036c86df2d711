"""Who works: a name of the ledger's list, or a new one; asked at the first start, remembered after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ledger_app.core.terms import OPERATOR_ROLE
from ledger_app.services.session import Operator
from ledger_app.ui.messages import buttons
from ledger_app.ui.theme import role

NEW: Final = "名单里没有，新登记一位……"


class OperatorDialog(QDialog):
    """`chosen` is an operator of the list; `is_new` that it has to be put on it first."""

    def __init__(self, parent: QWidget | None, operators: Sequence[Operator], current: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle("操作员")
        self._operators = list(operators)
        self.who = QComboBox()
        self.who.addItems([*(f"{o.name}（{o.role}）" for o in operators), NEW])
        self.who.setCurrentIndex(next((i for i, o in enumerate(operators) if o.name == current), 0))
        self.name = QLineEdit()
        self.name.setPlaceholderText("姓名")
        self.role = QComboBox()
        self.role.addItems(OPERATOR_ROLE.values)
        self.go = QPushButton("就用这位操作员")
        role(self.go, "primary")
        self.go.clicked.connect(self.accept)
        self._lay_out()
        for changed in (self.who.currentIndexChanged, self.name.textChanged):
            changed.connect(self._follow)
        self._follow()

    @property
    def is_new(self) -> bool:
        return self.who.currentIndex() == len(self._operators)

    @property
    def chosen(self) -> Operator:
        if self.is_new:
            return Operator(self.name.text().strip(), self.role.currentText())
        return self._operators[self.who.currentIndex()]

    def _follow(self) -> None:
        self.form.setRowVisible(self.name, self.is_new)
        self.form.setRowVisible(self.role, self.is_new)
        self.go.setEnabled(not self.is_new or bool(self.name.text().strip()))
        self.adjustSize()

    def _lay_out(self) -> None:
        said = QLabel("每一次登记和修改都会记下是谁做的。请选您的姓名，下次打开不再问。")
        said.setWordWrap(True)
        said.setMinimumWidth(360)
        self.form = QFormLayout()
        self.form.addRow("操作员", self.who)
        self.form.addRow("姓名", self.name)
        self.form.addRow("角色", self.role)
        back = QPushButton("返回")
        back.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(said)
        column.addLayout(self.form)
        column.addLayout(buttons(back, self.go))
