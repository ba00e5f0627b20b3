"""What an assistant may ask and draft, by the Model Context Protocol.

Every tool asks the API, with the token of who asks: rules, blindness and messages are the API's
own. What is for people alone (sign, submit, judge, vote, decide) has no tool.
"""
