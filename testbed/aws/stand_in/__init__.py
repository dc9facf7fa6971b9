"""A stand-in for AWS on this machine: moto in server mode, with what a deployment needs beside it.

``python -m stand_in --port 0`` starts it. ``AWS_ENDPOINT_URL`` points clients to it; which account they
see is decided by their access key (:mod:`stand_in.accounts`). ``/stand-in/…`` controls it
(:mod:`stand_in.controls`).

How a request goes: :mod:`stand_in.front` finds out what it asks (:mod:`stand_in.call`), refuses what
the settings say to refuse, and hands it to an operation of our own (:mod:`stand_in.registry`,
:mod:`stand_in.services`) or to moto. One lock is held meanwhile: moto's models know no concurrency.
"""
