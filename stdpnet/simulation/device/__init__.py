"""A Brian2 device for all-to-all projections: C++ standalone code that walks rows instead of spike queues."""
