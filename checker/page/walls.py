"""What stands in place of a page: visitor checks, logins, parked addresses, error pages and the like, by the words they use.

``certain`` phrases are used by such pages only, ``likely`` ones by others too, ``titles`` are whole parts of a page's title.
All are looked for in text whose apostrophes are straight. Written from the standard pages of protection services, site
builders, hosts and servers; the fixtures in tests/fixtures/unread and tests/fixtures/short hold them to it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from checker.errors import NO_SUCH_PAGE


class Wall(NamedTuple):
    """A kind of page that stands in place of another; ``advice`` is None where the code's own fits."""

    code: str
    message: str
    certain: re.Pattern[str]
    likely: re.Pattern[str]
    titles: re.Pattern[str]
    advice: str | None = None


def _wall(
    code: str, message: str, *, certain: str = "(?!)", likely: str = "(?!)", titles: str = "(?!)", advice: str | None = None
) -> Wall:
    return Wall(code, message, _compile(certain), _compile(likely), _compile(titles), advice)


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\n\s*", "", pattern), re.IGNORECASE | re.DOTALL)


#: What the visitor checks of Cloudflare, Imperva, DataDome, HUMAN, Sucuri, DDoS-Guard, AWS, SiteGround, Imunify360, Anubis and
#: Vercel put into their pages, in lower case. Cloudflare's script stands in whole pages too: it counts only beside little text.
CHECK_MARKS = (
    b"cf-chl",
    b"cf_chl",
    b"challenge-platform",
    b"_incapsula_resource",
    b"captcha-delivery.com",
    b"px-captcha",
    b"sucuri website firewall",
    b"sucuri_cloudproxy_js",
    b"ddos-guard",
    b"awswafcookie",
    b"sgcaptcha",
    b"wsidchk",
    b"anubis_challenge",
    b"_vercel/challenge",
)

#: In the order they are asked for: the more particular before the more general.
WALLS = (
    _wall(
        "rate_limited",
        "The site asks for fewer visits.",
        certain=r"""you (?:are being|have been) rate[- ]limited|(?:made|sent|sending|received) too many requests
            |too many requests (?:in|from|have been)|unusual number of requests""",
        likely=r"too many requests|rate limit(?:ed)? exceeded",
        titles=r"(?:error )?429(?: too many requests)?|too many requests|slow down\W*",
    ),
    _wall(
        "http_status",
        "The site does not show this page where the reader is, for legal reasons.",
        certain=r"""unavailable (?:due to|for) legal reasons|from a country belonging to the european
            |(?:court order|legal request).{0,80}restricted access|we have restricted access to this""",
        likely=r"not available in your (?:country|region|location|area)",
        titles=r"""(?:error )?451(?:[ :.-]+unavailable.*)?|unavailable (?:due to|for) legal reasons
            |not available in your (?:country|region)""",
        advice="The page may be shown in other countries. Ask somebody there to save it, and check the file.",
    ),
    _wall(
        "parked",
        "The host has switched the site off.",
        certain=r"""(?:account|site|web ?site|web ?page) (?:is|has been) (?:temporarily )?(?:suspended|disabled|deactivated)
            |account suspended|bandwidth limit exceeded|reaching (?:his/her|its|their) bandwidth limit
            |subscription of this site is overdue""",
        titles=r"""account suspended|(?:web ?)?site (?:temporarily )?(?:suspended|disabled)|suspended (?:domain|page|site)
            |(?:509 )?bandwidth limit exceeded""",
        advice="The site may come back; a web archive may hold an older copy of it.",
    ),
    _wall(
        "parked",
        "The address is parked or for sale.",
        certain=r"""domain (?:name )?(?:is |may be |has )(?:been )?(?:for sale|parked|expired|suspended|listed)
            |buy this domain
            |domain \S{1,80} (?:is|may be) for sale|this domain (?:is|has been) registered|parked free|premium domain
            |owner of this domain|(?:is this|if this is) your (?:domain|site)\b|domain isn't connected
            |(?:site|page) .{0,40}has not been published|first and best source for""",
        likely=r"\bis for sale\b|may be for sale|make an offer|interested in \S{1,80}\.\S{1,80}\?"
        "|related searches|sponsored listings",
        titles=r"""\S{1,80}\.\S{1,80} is for sale|\S{1,80}\.\S{1,80} make an offer|make an offer
            |domain (?:for sale|parked|expired)|web ?site (?:expired|not available)|expired registration.*""",
    ),
    _wall(
        "parked",
        "The server shows the page that it came with; there is no site yet.",
        certain=r"""welcome to nginx|apache2? .{0,20}default page|default web (?:site )?page
            |successfully installed and working
            |if you are the owner of this (?:web ?site|site|domain)|log in to launch this site
            |you have reached this page because""",
        likely=r"default web ?page|^it works!$|^index of /",
        titles=r"""welcome to nginx!?|index of /.*|it works!|apache2? .{0,20}default page.*|default web site page
            |iis windows.*""",
    ),
    _wall(
        "login_wall",
        "The text is behind a login.",
        certain=r"""(?:please|you (?:must|need to|have to)|you'll need to) (?:be )?(?:log|sign)(?:ged)? ?in
                (?: to (?:continue|view|see|access|read)|\.)
            |(?:content|page|post|site) is (?:password[- ]protected|private|for (?:registered )?members only)
            |don't have access to this (?:lesson|page|content|course)|could not verify that you are authorized
            |to (?:view|see|read|unlock) this (?:page|content|lesson), (?:please )?(?:log|sign) ?in""",
        likely=r"""(?:log|sign) ?in to (?:continue|view|see|access|read)|password[- ]protected|members only
            |enter (?:the |your )?password""",
        titles=r"""(?:log|sign)[ -]?in(?: to your account)?|log into .*|(?:member|patient|client)s?'? (?:log ?in|area|only)
            |member log ?in|protected: .*|password required|private site
            |(?:error )?401(?: (?:unauthorized|authorization required))?|authorization required""",
    ),
    _wall(
        "bot_wall",
        "The site asks visitors to prove that they are human.",
        certain=r"""(?:verify(?:ing)?|prove) (?:that )?you(?:'re| are) (?:a )?(?:human|not a robot)|robot challenge
            |(?:mak(?:e|ing) sure|confirm) (?:that )?you(?:'re| are) (?:a human|human|not a (?:ro)?bot)
            |(?:checking|verifying) your browser|checking (?:if )?the site connection|review the security of your connection
            |complete the security check|captcha (?:below )?to (?:continue|proceed|access|view)|press (?:&|and) hold
            |enable (?:javascript|js) and (?:cookies to (?:continue|proceed)|disable any ad)|unusual traffic from
            |(?:made|makes) us think (?:that )?you (?:were|are) a bot|slide .{0,30}to complete the puzzle
            |anti-crawler protection
            |incapsula incident|cloudflare ray id|ddos protection by|request is being verified""",
        likely="captcha|are you a robot|security check",
        titles=r"""just a moment\W*|attention required!?|(?:vercel )?security (?:check(?:point)?|verification)
            |are you (?:a )?(?:human|robot)\??|human verification|robot or human\??|one moment,? please\W*
            |pardon our interruption
            |making sure you're not a bot!?|you are being redirected\W*|robot challenge screen|ddos-guard""",
    ),
    _wall(
        "bot_wall",
        "The site's firewall refuses this visit.",
        certain=r"""access (?:to this page )?(?:has been )?denied.{0,80}(?:reference|ray id|permission|automation)
            |(?:access to this|your access to) (?:site|service|page).{0,20}has been (?:temporarily )?limited|website firewall
            |requested url was rejected|support id is|generated by mod_security|(?:vpn or proxy|proxy or vpn) detected
            |turn off (?:your )?vpn|sorry, you have been blocked|block(?:ed)? by .{0,30}firewall""",
        likely=r"attention required|access denied|you have been blocked|just a moment\.\.\.",
        titles=r"""access denied|access to this page has been denied|request rejected|not acceptable!?|blacklisted|forbidden
            |(?:error )?403(?: forbidden)?|(?:error )?406(?: not acceptable)?""",
    ),
    _wall(
        "coming_soon",
        "The site says that it is not ready yet.",
        certain=r"""unavailable for scheduled maintenance|lorem ipsum dolor|this is your first post\. edit or delete
            |(?:web ?)?site (?:is )?(?:coming|launching|opening) soon|(?:web ?site|page) is under construction""",
        likely=r"""\bcoming soon\b|under construction|launching soon|opening soon|being (?:built|updated)|under maintenance
            |back (?:online )?(?:soon|shortly)|brand new web ?site|performing .{0,20}maintenance
            |something .{0,20}on its way""",
        titles=r"""coming soon\W*|(?:web ?site |site )?(?:is )?under (?:construction|maintenance)
            |(?:site )?maintenance(?: mode)?
            |(?:launching|opening) soon\W*""",
    ),
    _wall(
        "cookie_wall",
        "The text is behind a question to visitors (age, profession or country).",
        likely=r"""you must be (?:at least )?(?:18|21) (?:years )?(?:old|or older|of age)|at least (?:18|21) years
            |age verification|verify your age|of legal age|are you (?:a|an) (?:licensed )?health ?care professional
            |confirm that you are a (?:licensed )?health ?care|select your (?:country|region)""",
        titles=r"age verification|age check|(?:select|choose) your (?:country|region)",
        advice="Answer the question in a browser, save the page that follows, and check the file.",
    ),
    _wall(
        "cookie_wall",
        "The text is behind a consent layer.",
        likely=r"""accept (?:all )?cookies.{0,40} to (?:continue|view|access|read)|consent to (?:continue|view)
            |(?:accept all cookies|we and our \d+ partners).{0,200}|subscription without (?:advertising|tracking)
            |read and accept the following terms|by clicking "?i (?:agree|accept)""",
        titles=r"cookie consent|before you continue|terms of access",
    ),
    _wall(
        "http_status",
        "The site shows the error page of its server instead of the text.",
        certain=r"""error establishing a database connection|there has been a critical error on this web ?site
            |internal error or misconfiguration|fatal error:? .{0,300}\.php|stack trace:\s*#0|origin web server
            |(?:cannot|can not|can't|could not) connect to (?:the )?database""",
        likely=r"internal server error|bad gateway|gateway time-?out|service (?:temporarily )?unavailable",
        titles=r"""(?:http )?(?:error )?5\d\d(?:[ :.-]+[a-z -]*(?:error|gateway|unavailable|time-?out|timed out|down))?
            |internal server error
            |bad gateway|service unavailable|database error
            |wordpress › error""",
        advice="Try again later.",
    ),
    _wall(
        "refused",
        "This is a browser's message that the site could not be reached, not its page.",
        certain=r"this site can't be reached|\berr_[a-z]+_[a-z_]+|we're having trouble finding that site|too long to respond",
        titles=r"problem loading page|server not found",
    ),
    _wall(
        "http_status",
        NO_SUCH_PAGE,
        certain=r"""(?:couldn't|could not|can't|cannot) (?:seem to )?find (?:the|that|this) page
            |nothing was found at this location
            |requested (?:url|page|resource) (?:was not found|could not be found|is no longer available)|oops! that page can't
            |link you followed may be broken|has not archived that|url has not been archived""",
        likely=r"""\b404\b.{0,40}not found|page (?:that )?(?:you (?:are|were) looking for|not found|isn't available
            |(?:cannot|can't|could not) be found|does(?: not|n't) exist)|oops!? (?:that|this) page""",
        titles=r"""(?:error )?404(?: error)?(?:[ :.-]*(?:page |file )?not found)?!?
            |(?:(?:oops|whoops|sorry)\W+)?(?:page|file) not found(?:\W+(?:error )?404)?\W*
            |(?:(?:oops|sorry)\W+)?th(?:is|at|e) page (?:does(?: not|n't) exist|is gone|(?:cannot|can't|could not) be found)\W*
            |not found|410(?: gone)?""",
    ),
    _wall(
        "script_only",
        "The page holds no text of its own; scripts would add it.",
        likely=r"""enable javascript|javascript (?:is )?(?:required|disabled)|requires javascript|turn on javascript
            |javascript to run|without javascript""",
    ),
    _wall(
        "script_only",
        "The page only leads on to another one.",
        likely=r"if you are not redirected|not redirected automatically|^redirecting\W*$",
        titles=r"redirecting\W*",
        advice="Open the page in a browser and give the address where it ends.",
    ),
    _wall(
        "script_only",
        "The site shows its text to newer browsers only.",
        likely=r"browser is (?:not|no longer) supported|unsupported browser|upgrade (?:to a modern|your) browser",
        titles=r"unsupported browser",
    ),
    _wall(
        "empty",
        "The page is only a frame around another page.",
        certain=r"page uses frames,? but your browser",
        advice="Open the page in a browser and give the address of what the frame shows.",
    ),
)


class Talk(NamedTuple):
    """Words that a short page uses when it speaks of visiting the site and not of what the site is about.

    ``has_button`` says that such a page always has something to press.
    """

    code: str
    message: str
    words: re.Pattern[str]
    has_button: bool


def _talk(code: str, message: str, words: str, *, has_button: bool = False) -> Talk:
    return Talk(code, message, _compile(rf"\b(?:{words})\b"), has_button)


#: Without one of these a page does not speak of being visited.
VISITING = _compile(
    r"""\b(?:web ?sites?|sites?|pages?|browsers?|domains?|host(?:ing)?|accounts?|pass ?word|user ?name|robots?|bots?
        |network|(?:your|this|many|of) requests?|url|links?|online|app|application|scripts?|javascript|code|cookies?
        |server|ip|signing in|sign in|log in|logged in|subscribers?|letters you see|visitors|\S{1,80}\.php
        |this name|captcha|vpn|data|waiting in line|in line|address)\b"""
)

#: Looked for where none of the walls above is known: pages of this kind are worded in endless ways, from a small stock of words.
TALK = (
    _talk(
        "bot_wall",
        "The site asks visitors to prove that they are human.",
        r"""robots?|bots?|humans?|automated|captcha|suspicious|blocked|block|firewall
            |protect (?:this|our|the) (?:web ?)?site|verify|verification|puzzle|security|in line|queue
            |wait(?:ing)? time|let in|ip(?: address)?|(?:event|incident|session|request) id|session|unusual|challenge
            |attacks?|spam|your request|your connection|cache|network|browser|tick|checkbox|denied|access
            |letters you see|image below|every picture|scrapers|real|a person|guarded|guard|shield|second|seconds
            |request number|sent on|hold on|let you in""",
    ),
    _talk(
        "login_wall",
        "The text is behind a login.",
        r"""password|user ?name|(?:sign|log)(?:ged)? ?(?:in|on|up)|login|subscribers?|subscribe|members?|membership
            |account|registered|activation|portal|paid|unlock|forgot|remember me|credentials|private|invited
            |invitation|access|register|authorized|code|signing in|two-step|only people|bought the|your group""",
    ),
    _talk(
        "cookie_wall",
        "The text is behind a consent layer.",
        r"""cookies?|privacy|consent|partners|identifiers|personal data|your data|process data|choices|agree|accept
            |reject|preferences|tracking|vendors|advertising|legitimate interest|ip addresses|more options|your mind
            |terms|years old|enter|how old|of age|born|visitors|birth|adults?""",
        has_button=True,  # a question has an answer to give; a page on privacy has none
    ),
    _talk(
        "parked",
        "The address is parked or switched off.",
        r"""domains?(?: names?)?|this domain|(?:site|website|store|application|its) owner|owner of (?:this|the)
            |current holder|brokers?|for sale|hosting|host|provider|plans?|paid|unpaid|reactivate|renew(?:al)?|expired
            |registrar|registered|suspended|disabled|unavailable|launch this|future home|dns|server|nameservers?
            |upgrade|this name|transfer|control panel|misuse|stopped|customers|for your business|can be yours
            |placeholder|not uploaded|web hosting|(?:hosting )?company""",
    ),
    _talk(
        "coming_soon",
        "The site says that it is not ready yet.",
        r"""soon|(?:new|our|the) (?:web ?)?site|makeover|redesign(?:ed|ing)?|fresh look|new look|launch(?:ing|es|ed)?
            |check back|stay tuned|under|almost ready|not ready|ready|building|working on|work(?:ing)? hard|improv\w+
            |maintenance|upgrad\w+|back|be patient|patience|online|notify|in the meantime|meanwhile|refresh(?:ing|ed)?
            |next week|days|hours|moving|old pages|new (?:ones|pages)|bear(?:ing)? with us|arrives?""",
    ),
    _talk(
        "http_status",
        "The site shows an error page instead of the text.",
        r"""sorry|unfortunately|oops|went wrong|error|errors|nothing here|no page|(?:this|the|that|a) page
            |(?:this|that) address|url|link|rules of your|do not let us|show(?: you)? this|your country|menu|search
            |homepage|home page|moved|removed|deleted|broken|exist|find|found|lost|logs?|any ?more|no longer|try again
            |unavailable|available|countr(?:y|ies)|region|european|problem|server|(?:your|this) request|website
            |unexpected|gone
            |missing|old link|new home|taken down|content|start over|followed|uh-oh|warning|on line|\S{1,80}\.php\S*|output
            |headers""",
    ),
    _talk(
        "rate_limited",
        "The site asks for fewer visits.",
        r"""too many|a lot of (?:pages|requests)|requests?|slow(?:ing|ly)?|cool(?:ing)? down|cooling|network
            |within a minute|(?:in|for) \d+ (?:seconds|minutes)|few (?:seconds|minutes)|short time|easy there
            |limit(?:ed|s)?|again|opened""",
    ),
    _talk(
        "script_only",
        "The page holds no text of its own; scripts would add it.",
        r"""scripts?|javascript|js|browsers?|browser's|reload|refresh|application|app|enable|enabled|switch them on
            |turn(?:ed)? on|settings|loading|please wait|work|supported|modern|update""",
    ),
)
