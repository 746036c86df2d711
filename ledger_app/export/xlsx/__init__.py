"""A workbook as a package of parts that can be changed one by one, every other byte kept."""
