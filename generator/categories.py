"""What vendors are sorted by where the settings of a site name nothing else.

By slug the name, in the order of the home page.
"""

CATEGORIES = {
    "cloud": "Cloud",
    "hosting": "Hosting",
    "cdn": "CDN, DNS and domains",
    "developer-tools": "Developer tools",
    "package-registry": "Package registries",
    "ci-cd": "CI and delivery",
    "database": "Databases and storage",
    "monitoring": "Monitoring and analytics",
    "ai": "AI",
    "security": "Security",
    "identity": "Identity",
    "it": "IT, devices and networks",
    "communication": "Communication",
    "email": "E-mail",
    "productivity": "Productivity and automation",
    "support": "CRM and support",
    "marketing": "Marketing",
    "commerce": "Commerce",
    "payments": "Payments and finance",
    "crypto": "Crypto",
    "people": "HR, education and health",
    "social-media": "Social media, games and the web",
    "business": "Business software",
}
