from enterprises.models.businesses import Category, Channel, Enterprise
from enterprises.models.products import Permit, Product
from enterprises.models.results import MonthlyResult

__all__ = ["Category", "Channel", "Enterprise", "MonthlyResult", "Permit", "Product"]
