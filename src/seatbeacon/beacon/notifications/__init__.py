"""Notifications: what needs a person now, told once to whoever asked, by mail, Teams, Slack, a webhook …"""
