"""kliping as a library: what `import scraper` offers to scripts and notebooks, on top of everything else."""
