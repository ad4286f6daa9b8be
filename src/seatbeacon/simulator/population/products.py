"""The products of the tenant: GUIDs, names and plans as in Microsoft's product table of 2026-07.

The table: `facts/graph.md` §5. Only the plans are kept that mean an application, and a few that mean none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

PLANS = {
    "AAD_PREMIUM": "41781fb2-bc02-4b7c-bd55-b576c07bb09d",
    "AAD_PREMIUM_P2": "eec0eb4f-6444-4f95-aba0-50c24d67f998",
    "ADALLOM_S_DISCOVERY": "932ad362-64a8-4783-9106-97849a1a30b9",
    "BI_AZURE_P0": "2049e525-b859-401b-b2a0-e0a31c4b1fe4",
    "BI_AZURE_P2": "70d33638-9c74-4d01-bfd3-562de28bd4ba",
    "DYN365_CDS_VIRAL": "17ab22cd-a0b3-4536-910a-cb6eb12696c0",
    "EXCHANGE_S_DESKLESS": "4a82b400-a79f-41a4-b4e2-e94f5787b113",
    "EXCHANGE_S_ENTERPRISE": "efb87545-963c-4e0d-99df-69c6916d9eb0",
    "EXCHANGE_S_FOUNDATION": "113feb6c-3fe4-4440-bddc-54d774bf0318",
    "EXCHANGE_S_STANDARD": "9aaf7827-d63c-4b61-89c3-182f06f82e5c",
    "FLOW_O365_P1": "0f9b09cb-62d1-4ff4-9129-43f4996f83f4",
    "FLOW_O365_P2": "76846ad7-7776-4c40-a281-a386362dd1b9",
    "FLOW_O365_P3": "07699545-9485-468e-95b6-2fca3738be01",
    "FLOW_O365_S1": "bd91b1a4-9f94-4ecf-b45b-3a65e5c8128a",
    "FLOW_P2_VIRAL": "50e68c76-46c6-4674-81f9-75456511b170",
    "FORMS_PLAN_E1": "159f4cd6-e380-449f-a816-af1a9ef76344",
    "FORMS_PLAN_E3": "2789c901-c14e-48ab-a76a-be334d9d793a",
    "FORMS_PLAN_E5": "e212cbc7-0961-4c40-9825-01117710dcb1",
    "GRAPH_CONNECTORS_COPILOT": "82d30987-df9b-4486-b146-198b21d164c7",
    "INTUNE_A": "c1ec4a95-1f05-45b3-a911-aa3fa01094f5",
    "INTUNE_O365": "882e1d05-acd1-4ccb-8708-6ee03664b117",
    "M365_COPILOT_APPS": "a62f8878-de10-42f3-b68f-6149a25ceb97",
    "M365_COPILOT_BUSINESS_CHAT": "3f30311c-6b1e-48a4-ab79-725b469da960",
    "M365_COPILOT_CONNECTORS": "89f1c4c8-0878-40f7-804d-869c9128ab5d",
    "M365_COPILOT_INTELLIGENT_SEARCH": "931e4a88-a67f-48b5-814f-16a5f1e6028d",
    "M365_COPILOT_TEAMS": "b95945de-b3bd-46db-8437-f2beb6ea2347",
    "MCOEV": "4828c8ec-dc2e-4779-b502-87ac9ce28ab7",
    "MCOMEETADV": "3e26ee1f-8a5f-4d52-aee2-b81ce45c8f40",
    "MCOSTANDARD": "0feaeb32-d00e-4d66-bd5a-43b5b83db82c",
    "MCO_TEAMS_IW": "42a3ec34-28ba-46b6-992f-db53a675ac5b",
    "MFA_PREMIUM": "8a256a2b-b617-496d-b51b-e76466e88db0",
    "MICROSOFT STREAM": "acffdce6-c30f-4dc2-81c0-372e33c515ec",
    "OFFICESUBSCRIPTION": "43de0ff5-c92c-492b-9116-175376d08c38",
    "ONEDRIVESTANDARD": "13696edf-5a08-49f6-8134-03083ed8ba30",
    "ONEDRIVE_BASIC": "da792a53-cbc0-4184-a10d-e544dd34b3c1",
    "PROJECTWORKMANAGEMENT": "b737dad2-2f6c-4c65-90e3-ca563267e8b9",
    "PROJECT_CLIENT_SUBSCRIPTION": "fafd7243-e5c1-4a3a-9e40-495efcb1d3c3",
    "PROJECT_O365_F3": "7f6f28c2-34bb-4d4b-be36-48ca2e77e1ec",
    "PROJECT_O365_P1": "a55dfd10-0864-46d9-a3cd-da5991a3e0e2",
    "PROJECT_O365_P2": "31b4e2fc-4cd6-4e7d-9c1b-41407303bd66",
    "PROJECT_O365_P3": "b21a6b06-1988-436e-a07b-51ec6d9f52ad",
    "PROJECT_PROFESSIONAL": "818523f5-016b-4355-9be8-ed6944946ea7",
    "RMS_S_ADHOC": "7a39d7dd-e456-4e09-842a-0204ee08187b",
    "RMS_S_ENTERPRISE": "bea4c11e-220a-4e6d-8eb8-8ea15d019f90",
    "RMS_S_PREMIUM": "6c57d4b6-3b23-47a5-9bc9-69f17b4947b3",
    "SHAREPOINTDESKLESS": "902b47e5-dcb2-4fdc-858b-c63a90a2bdb9",
    "SHAREPOINTENTERPRISE": "5dbe027f-2339-4123-9542-606e4d348a72",
    "SHAREPOINTSTANDARD": "c7699d2e-19aa-44de-8edf-1736da088ca1",
    "SHAREPOINTSTORAGE": "be5a7ed5-c598-4fcd-a061-5e6724c68a58",
    "SHAREPOINTWAC": "e95bec33-7c88-4a70-8e19-b10bd9d0c014",
    "SHAREPOINT_PROJECT": "fe71d6c3-a2ea-4499-9778-da042bf08063",
    "SWAY": "a23b959c-7ce8-4e57-9140-b90eb88a9e97",
    "TEAMS1": "57ff2da0-773e-42df-b2af-ffb7a2317929",
    "VISIOONLINE": "2bdbaf8f-738f-4ac7-9234-3c3ee2ce7d0f",
    "VISIO_CLIENT_SUBSCRIPTION": "663a804f-1c30-4ff0-9915-9db84f0d1cea",
    "VIVAENGAGE_CORE": "a82fbf69-b4d7-49f4-83a6-915b2cf354f4",
    "WIN10_PRO_ENT_SUB": "21b439ba-a0ca-424f-a6cc-52f954a5b111",
    "YAMMER_ENTERPRISE": "7547a3fe-08ee-4ccb-b430-5077c5041653",
}
"""Service plan name → GUID."""

_COMPANY_PLANS = {"EXCHANGE_S_FOUNDATION", "ADALLOM_S_DISCOVERY", "SHAREPOINTSTORAGE"}

_TABLE = (
    (
        "SPE_E5",
        "06ebc4ee-1bb5-47dd-8120-11324bc54e06",
        "Microsoft 365 E5",
        (
            "AAD_PREMIUM AAD_PREMIUM_P2 BI_AZURE_P2 EXCHANGE_S_ENTERPRISE FLOW_O365_P3 FORMS_PLAN_E5 "
            "INTUNE_A INTUNE_O365 MCOEV MCOMEETADV MCOSTANDARD MFA_PREMIUM OFFICESUBSCRIPTION "
            "PROJECTWORKMANAGEMENT PROJECT_O365_P3 RMS_S_ENTERPRISE RMS_S_PREMIUM SHAREPOINTENTERPRISE "
            "SHAREPOINTWAC SWAY TEAMS1 VIVAENGAGE_CORE WIN10_PRO_ENT_SUB YAMMER_ENTERPRISE"
        ),
    ),
    (
        "SPE_E3",
        "05e9a617-0261-4cee-bb44-138d3ef5d965",
        "Microsoft 365 E3",
        (
            "AAD_PREMIUM ADALLOM_S_DISCOVERY EXCHANGE_S_ENTERPRISE FLOW_O365_P2 FORMS_PLAN_E3 INTUNE_A "
            "INTUNE_O365 MCOSTANDARD MFA_PREMIUM OFFICESUBSCRIPTION PROJECTWORKMANAGEMENT PROJECT_O365_P2 "
            "RMS_S_ENTERPRISE RMS_S_PREMIUM SHAREPOINTENTERPRISE SHAREPOINTWAC SWAY TEAMS1 VIVAENGAGE_CORE "
            "WIN10_PRO_ENT_SUB YAMMER_ENTERPRISE"
        ),
    ),
    (
        "SPE_F1",
        "66b55226-6b4f-492c-910c-a3b7a3c9d993",
        "Microsoft 365 F3",
        (
            "AAD_PREMIUM ADALLOM_S_DISCOVERY EXCHANGE_S_DESKLESS FLOW_O365_S1 INTUNE_A INTUNE_O365 "
            "MFA_PREMIUM PROJECTWORKMANAGEMENT PROJECT_O365_F3 RMS_S_ENTERPRISE RMS_S_PREMIUM "
            "SHAREPOINTDESKLESS SHAREPOINTWAC SWAY TEAMS1 VIVAENGAGE_CORE YAMMER_ENTERPRISE"
        ),
    ),
    (
        "ENTERPRISEPACK",
        "6fd2c87f-b296-42f0-b197-1e91e994b900",
        "Office 365 E3",
        (
            "EXCHANGE_S_ENTERPRISE FLOW_O365_P2 FORMS_PLAN_E3 INTUNE_O365 MCOSTANDARD OFFICESUBSCRIPTION "
            "PROJECTWORKMANAGEMENT PROJECT_O365_P2 RMS_S_ENTERPRISE SHAREPOINTENTERPRISE SHAREPOINTWAC SWAY "
            "TEAMS1 VIVAENGAGE_CORE YAMMER_ENTERPRISE"
        ),
    ),
    (
        "STANDARDPACK",
        "18181a46-0d4e-45cd-891e-60aabd171b4e",
        "Office 365 E1",
        (
            "EXCHANGE_S_STANDARD FLOW_O365_P1 FORMS_PLAN_E1 INTUNE_O365 MCOSTANDARD PROJECTWORKMANAGEMENT "
            "PROJECT_O365_P1 SHAREPOINTSTANDARD SHAREPOINTWAC SWAY TEAMS1 VIVAENGAGE_CORE YAMMER_ENTERPRISE"
        ),
    ),
    (
        "OFFICESUBSCRIPTION",
        "c2273bd0-dff7-4215-9ef5-2c7bcfb06425",
        "Microsoft 365 Apps for Enterprise",
        (
            "EXCHANGE_S_FOUNDATION FORMS_PLAN_E1 INTUNE_O365 OFFICESUBSCRIPTION ONEDRIVESTANDARD "
            "SHAREPOINTWAC SWAY"
        ),
    ),
    (
        "EXCHANGESTANDARD",
        "4b9405b0-7788-4568-add1-99614e613b69",
        "Exchange Online (Plan 1)",
        "EXCHANGE_S_STANDARD INTUNE_O365",
    ),
    (
        "EMS",
        "efccb6f7-5641-4e0e-bd10-b4976e1bf68e",
        "Enterprise Mobility + Security E3",
        (
            "AAD_PREMIUM ADALLOM_S_DISCOVERY EXCHANGE_S_FOUNDATION INTUNE_A MFA_PREMIUM RMS_S_ENTERPRISE "
            "RMS_S_PREMIUM"
        ),
    ),
    (
        "POWER_BI_STANDARD",
        "a403ebcc-fae0-4ca2-8c8c-7a907fd6c235",
        "Microsoft Fabric (Free)",
        "BI_AZURE_P0 EXCHANGE_S_FOUNDATION",
    ),
    (
        "POWER_BI_PRO",
        "f8a1db68-be16-40ed-86d5-cb42ce701560",
        "Power BI Pro",
        "BI_AZURE_P2 EXCHANGE_S_FOUNDATION",
    ),
    (
        "FLOW_FREE",
        "f30db892-07e9-47e9-837c-80727f46fd3d",
        "Microsoft Power Automate Free",
        "DYN365_CDS_VIRAL EXCHANGE_S_FOUNDATION FLOW_P2_VIRAL",
    ),
    (
        "VISIOCLIENT",
        "c5928f49-12ba-48f7-ada3-0d743a3601d5",
        "Visio Plan 2",
        "EXCHANGE_S_FOUNDATION ONEDRIVE_BASIC VISIOONLINE VISIO_CLIENT_SUBSCRIPTION",
    ),
    (
        "PROJECTPROFESSIONAL",
        "53818b1b-4a27-454b-8896-0dba576410e6",
        "Planner and Project Plan 3",
        (
            "EXCHANGE_S_FOUNDATION PROJECT_CLIENT_SUBSCRIPTION PROJECT_PROFESSIONAL SHAREPOINTENTERPRISE "
            "SHAREPOINTWAC SHAREPOINT_PROJECT"
        ),
    ),
    (
        "Microsoft_365_Copilot",
        "639dec6b-bb19-468b-871c-c5c441c4b0cb",
        "Microsoft Copilot for Microsoft 365",
        (
            "GRAPH_CONNECTORS_COPILOT M365_COPILOT_APPS M365_COPILOT_BUSINESS_CHAT M365_COPILOT_CONNECTORS "
            "M365_COPILOT_INTELLIGENT_SEARCH M365_COPILOT_TEAMS"
        ),
    ),
    (
        "MCOMEETADV",
        "0c266dff-15dd-4b49-8397-2bb16070ed52",
        "Microsoft 365 Audio Conferencing",
        "MCOMEETADV",
    ),
    (
        "TEAMS_EXPLORATORY",
        "710779e8-3d4a-4c88-adb9-386c958d1fdf",
        "Microsoft Teams Exploratory",
        (
            "EXCHANGE_S_STANDARD FLOW_O365_P1 FORMS_PLAN_E1 INTUNE_O365 MCO_TEAMS_IW PROJECTWORKMANAGEMENT "
            "SHAREPOINTSTANDARD SHAREPOINTWAC SWAY TEAMS1 YAMMER_ENTERPRISE"
        ),
    ),
    (
        "STREAM",
        "1f2f344a-700d-42c9-9427-5cea1d5d7ba6",
        "Microsoft Stream",
        "EXCHANGE_S_FOUNDATION MICROSOFT+STREAM",
    ),
    (
        "AAD_PREMIUM_P2",
        "84a661c4-e949-4bd2-a560-ed7766fcaf2b",
        "Microsoft Entra ID P2",
        "AAD_PREMIUM AAD_PREMIUM_P2 ADALLOM_S_DISCOVERY EXCHANGE_S_FOUNDATION MFA_PREMIUM",
    ),
    (
        "SHAREPOINTSTORAGE",
        "99049c9c-6011-4908-bf17-15f496e6519d",
        "Office 365 Extra File Storage",
        "SHAREPOINTSTORAGE",
    ),
    (
        "RIGHTSMANAGEMENT_ADHOC",
        "8c4ce438-32a7-4ac5-91a6-e22ae08d9c8b",
        "Rights Management Adhoc",
        "EXCHANGE_S_FOUNDATION RMS_S_ADHOC",
    ),
)

UNKNOWN_SKU = ("CONTOSO_PARTNER_ADDON", "0f3c9a52-7d1b-4b8e-9e55-3a5c7e1d2b90")
"""A product that stands in no product table."""
_UNKNOWN_PLAN = ("CONTOSO_ADDON_PLAN", "b7d1f0c4-52a6-4f0e-8d3c-6e9a4c1b7f25")


@dataclass(frozen=True, slots=True)
class Product:
    """One SKU: `plans` are (GUID, name, applies to) in the order that `subscribedSkus` lists them."""

    part_number: str
    sku_id: str
    name: str
    plans: tuple[tuple[str, str, str], ...]
    applies_to: str = "User"


def _product(part_number: str, sku_id: str, name: str, plans: str) -> Product:
    names = [plan.replace("+", " ") for plan in plans.split()]
    triples = tuple((PLANS[plan], plan, "Company" if plan in _COMPANY_PLANS else "User") for plan in names)
    return Product(
        part_number, sku_id, name, triples, "Company" if part_number == "SHAREPOINTSTORAGE" else "User"
    )


PRODUCTS = (
    *(_product(*row) for row in _TABLE),
    Product(*UNKNOWN_SKU, UNKNOWN_SKU[0], ((_UNKNOWN_PLAN[1], _UNKNOWN_PLAN[0], "User"),)),
)
BY_PART = {product.part_number: product for product in PRODUCTS}
BY_ID = {product.sku_id: product for product in PRODUCTS}
GONE = "RIGHTSMANAGEMENT_ADHOC"
"""Held by a few users though `subscribedSkus` no longer lists it."""

_OFFICE = ("Outlook", "Word", "Excel", "PowerPoint", "OneNote")
_RULES: dict[str, tuple[str, ...]] = {
    "EXCHANGE_S_DESKLESS": ("Exchange", "Outlook"),
    "EXCHANGE_S_STANDARD": ("Exchange", "Outlook"),
    "EXCHANGE_S_ENTERPRISE": ("Exchange", "Outlook"),
    "TEAMS1": ("Teams",),
    "SHAREPOINTDESKLESS": ("SharePoint", "OneDrive"),
    "SHAREPOINTSTANDARD": ("SharePoint", "OneDrive"),
    "SHAREPOINTENTERPRISE": ("SharePoint", "OneDrive"),
    "ONEDRIVESTANDARD": ("OneDrive",),
    "ONEDRIVE_BASIC": ("OneDrive",),
    "YAMMER_ENTERPRISE": ("Viva Engage",),
    "VIVAENGAGE_CORE": ("Viva Engage",),
    "OFFICESUBSCRIPTION": _OFFICE,
    "SHAREPOINTWAC": _OFFICE[1:],
    "M365_COPILOT_APPS": ("Copilot",),
    "M365_COPILOT_BUSINESS_CHAT": ("Copilot",),
    "M365_COPILOT_CONNECTORS": ("Copilot",),
    "M365_COPILOT_INTELLIGENT_SEARCH": ("Copilot",),
    "M365_COPILOT_TEAMS": ("Copilot",),
    "BI_AZURE_P0": ("Power BI",),
    "BI_AZURE_P2": ("Power BI",),
    "VISIOONLINE": ("Visio",),
    "VISIO_CLIENT_SUBSCRIPTION": ("Visio",),
    "PROJECT_PROFESSIONAL": ("Project",),
    "PROJECT_CLIENT_SUBSCRIPTION": ("Project",),
    "SHAREPOINT_PROJECT": ("Project",),
}
"""Service plan → the applications it entitles to. What is not named entitles to none: Planner
(PROJECTWORKMANAGEMENT) is not Project, nor is looking at projects (PROJECT_O365_*, "Project for Office")."""


@lru_cache(maxsize=4096)
def applications_of(sku_id: str, disabled: tuple[str, ...]) -> frozenset[str]:
    """The applications a license entitles to, its switched-off plans (GUIDs) left out."""
    off = set(disabled)
    found: set[str] = set()
    for plan_id, name, _ in BY_ID[sku_id].plans:
        if plan_id not in off:
            found.update(_RULES.get(name, ()))
    return frozenset(found)
