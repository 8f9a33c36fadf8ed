"""The fleet as web pages: files without a script or anything from elsewhere, the same for the same tree.

site        the pages of a repository, and the address of each
matrix      what runs where: a row for each environment, cluster and pipeline
pipeline    a pipeline: its graph, its images, what its steps ask for, and where each value was set
graph       a pipeline's tasks, laid out by levels
values      each value of an environment with the line that set it
policies    the rules, with what they allow and deny
outcomes    what `graft status` saw, from a file
links       a file and a line, as an address of the repository's host
templates/  how all of it looks
"""
