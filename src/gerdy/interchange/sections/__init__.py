"""The parts of the report, each as plain records that its template sets out."""
