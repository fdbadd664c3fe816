"""What is asked of the owners of systems that have no connection to the desk."""
