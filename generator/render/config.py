"""The settings that pages need."""

from generator.settings import SiteConfig as SiteConfig
