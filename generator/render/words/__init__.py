"""The catalogue: all English of the site, the one place to translate.

A module for each part of the site; the rest of the program, and the templates, know them as one:
`words.incidents(12)`, `{{ words.OPEN_NOW }}`.
"""

from generator.render.words.about import *
from generator.render.words.across import *
from generator.render.words.alerts import *
from generator.render.words.api import *
from generator.render.words.calendars import *
from generator.render.words.compare import *
from generator.render.words.downloads import *
from generator.render.words.feeds import *
from generator.render.words.figures import *
from generator.render.words.frame import *
from generator.render.words.grammar import *
from generator.render.words.home import *
from generator.render.words.incident import *
from generator.render.words.insights import *
from generator.render.words.lists import *
from generator.render.words.search import *
from generator.render.words.sharing import *
from generator.render.words.sources import *
from generator.render.words.terms import *
from generator.render.words.vendor import *
