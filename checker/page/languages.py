"""Names of languages for readers, by the codes that py3langid gives."""

from __future__ import annotations

#: Those that pages about treatments are written in most; for the rest the code has to do.
_NAMES = dict(
    pair.split("=")
    for pair in (
        "af=Afrikaans am=Amharic ar=Arabic az=Azerbaijani be=Belarusian bg=Bulgarian bn=Bengali bs=Bosnian ca=Catalan cs=Czech "
        "cy=Welsh da=Danish de=German el=Greek es=Spanish et=Estonian eu=Basque fa=Persian fi=Finnish fr=French ga=Irish "
        "gl=Galician gu=Gujarati he=Hebrew hi=Hindi hr=Croatian ht=Haitian hu=Hungarian hy=Armenian id=Indonesian is=Icelandic "
        "it=Italian ja=Japanese ka=Georgian kk=Kazakh km=Khmer kn=Kannada ko=Korean la=Latin lo=Lao lt=Lithuanian lv=Latvian "
        "mk=Macedonian ml=Malayalam mn=Mongolian mr=Marathi ms=Malay my=Burmese ne=Nepali nl=Dutch nn=Norwegian no=Norwegian "
        "pa=Punjabi pl=Polish ps=Pashto pt=Portuguese ro=Romanian ru=Russian si=Sinhala sk=Slovak sl=Slovenian so=Somali "
        "sq=Albanian sr=Serbian sv=Swedish sw=Swahili ta=Tamil te=Telugu th=Thai tl=Tagalog tr=Turkish uk=Ukrainian ur=Urdu "
        "uz=Uzbek vi=Vietnamese zh=Chinese zu=Zulu"
    ).split()
)


def language_name(code: str) -> str:
    """Return the language's name with its code, or the code alone where the name is not known."""
    return f"{_NAMES[code]}, {code}" if code in _NAMES else f"language {code}"
