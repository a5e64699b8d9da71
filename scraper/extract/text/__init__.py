"""What the words of a block say: credits, datelines, people, lines of the paper, labels of links, captions."""
