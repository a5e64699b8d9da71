"""kliping as a library: what `import scraper` offers to scripts and notebooks."""
