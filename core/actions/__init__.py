"""What people do at the desk: answers stand on cases, cases on the desk; one file per thing."""
