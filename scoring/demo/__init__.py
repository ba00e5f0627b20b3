"""The demo company: texts as data, brought in through the ordinary services.

``framework.json`` is a framework that others may import too. The TOML files hold the company, its
proposals, what the panel says of them and what the leader decides.
"""
