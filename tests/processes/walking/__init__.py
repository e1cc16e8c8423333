"""A walker that takes every way through any process: forms give the choices, the clock is turned by hand, messages come."""
