"""The helper modules of this folder can be imported by the tests in the folders below it.

Pytest puts the folder of a ``conftest.py`` on the path.
"""
