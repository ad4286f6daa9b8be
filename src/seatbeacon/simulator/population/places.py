"""Where people sit and what they do."""

from __future__ import annotations

PLACES = (
    ("United States", "US", "Seattle", "SEA-1"),
    ("United States", "US", "Austin", "AUS-3"),
    ("Germany", "DE", "München", "MUC-2"),
    ("United Kingdom", "GB", "London", "LON-4"),
    ("France", "FR", "Paris", "PAR-1"),
    ("Netherlands", "NL", "'s-Hertogenbosch", None),
    ("India", "IN", "बेंगलुरु", "BLR-1"),
    ("Japan", "JP", "東京", "TYO-9"),
    ("Spain", "ES", "A Coruña", "LCG-1"),
    ("Poland", "PL", "Łódź", None),
    ("Greece", "GR", "Θεσσαλονίκη", "SKG-1"),
    ("Israel", "IL", "תל אביב", "TLV-1"),
    ("Egypt", "EG", "القاهرة", "CAI-1"),
    ("Brazil", "BR", "São Paulo", "GRU-2"),
    ("South Korea", "KR", "서울", "ICN-1"),
    ("Türkiye", "TR", "İzmir", None),
    ("Ukraine", "UA", "Київ", "KBP-1"),
    ("Denmark", "DK", "Århus", "AAR-1"),
    ("South Africa", "ZA", "Cape Town", "CPT-1"),
)
DEPARTMENTS = (
    "Sales",
    "Engineering",
    "Finance",
    "Human Resources",
    "Legal",
    "Marketing",
    "Operations",
    "IT",
    "Research & Development",
    "Purchasing",
    "Customer Service",
    "Quality, Health and Safety",
    "Forschung – Süd",
    "Logistics",
    "Board",
    "営業部",
    'Production "A"',
)
JOBS = (
    "Account Executive",
    "Analyst",
    "Assistant",
    "Consultant",
    "Developer",
    "Director",
    "Engineer",
    "Manager",
    "Sachbearbeiter:in",
    "Specialist",
    "Team Lead",
    "Technician",
    "Vice President",
    None,
)
COMPANIES = ("Contoso AG", "Contoso Inc.", "Contoso Ltd", "Contoso Nordic A/S")
PARTNER_DOMAINS = ("fabrikam.example", "adatum.example", "tailspintoys.example", "wingtip.example")
