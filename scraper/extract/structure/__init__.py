"""What markup alone says: blocks of text, where they are, which elements are furniture. Independent of language."""
