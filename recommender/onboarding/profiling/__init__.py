"""What the cells of one foreign column are: numbers, times, lists, words; nothing here knows our columns."""
