"""Zhike (知客): customer relationship and decision platform for a bank's card business."""
