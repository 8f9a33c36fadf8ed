"""What `graft set`, `promote` and `rollback` stand on: an edit of an overlay, accepted whole before it is written."""
