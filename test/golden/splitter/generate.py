"""Writes the golden vectors of the text splitter from the original.

Made with Python 3.11.7 and langchain-text-splitters 1.1.2 (later versions have other separator lists):

    pip install langchain-text-splitters==1.1.2
    python test/golden/splitter/generate.py

A file is a list of groups `{preset | separators + regex, texts, cases}`; a case is `[index of the text, chunk size,
chunk overlap, spans]`. Spans are `start, length` pairs in UTF-16 units, in one flat list, each start relative to the
one before it.
"""

import json
import random
import re
from importlib.metadata import version
from pathlib import Path

from langchain_text_splitters import Language, RecursiveCharacterTextSplitter

VERSION = "1.1.2"
HERE = Path(__file__).parent
PRESETS = [language.value for language in Language if (HERE / "sources" / f"{language.value}.txt").exists()]

# Texts that the expressions among the separators match, or just fail to match.
NEAR_MISSES = {
    "rst": ["\n==\n", "\n---\n", "\n*\n", "\n\n.. \n\n", "\n\nx😀\n\n", "\n\n..\n\n"],
    "markdown": ["\n# ", "\n###### ", "\n####### ", "```\n", "\n***\n", "\n-----\n", "\n___\n", "\n--\n"],
    "latex": ["$$", "$", "\n\\section{", "\n\\begin{align}", "\n\\begin{list}", "\n"],
    "cobol": ["\nDATA DIVISION.", "\nDATA DIVISION😀", "\nDATA DIVISION\n", "\nSTOP RUN\r", "\nSTOP RUN\u2028", "\nIF "],
    "visualbasic6": [
        "\nPublic Sub ", "\nPrivate\n\nFunction\t", "\nSub ", "\nEnd Sub ", "\nFriend Property\u00a0Get ",
        "\nStatic Type\x1c", "\nGlobal\ufeffEnum ", "\nIf ", "\nEnd If ", "\nElseIf\x85", "\nSelect  Case ", "\nCase ",
        "\nWith\u3000", "\nElse\n",
    ],
}
FILLERS = ["a", "bc", "def", " ", "  ", "\n", "\n\n", "\n\n\n", "\t", "\r\n", "\u00a0", "\x1c", "\ufeff", ".", "é", "😀", "👩‍👧", "漢字"]

UNICODE_TEXTS = [
    "",
    " ",
    "\n",
    "a",
    "😀",
    "\ud83d",
    "a\ude00b \ud83d c",
    " \t\n ",
    "\n" * 40,
    " " * 40,
    "\r\n" * 20,
    "a" * 60,
    "😀" * 40,
    "👩‍👩‍👧‍👦 👩‍👩‍👧‍👦\n👩‍👩‍👧‍👦\n\n👩‍👩‍👧‍👦",
    "吾輩は猫である。名前はまだ無い。\nどこで生れたか頓と見当がつかぬ。\n\n何でも薄暗いじめじめした所で😿ニャーニャー泣いていた事だけは記憶している。",
    "L'été\u00a0: il fait\u202fchaud\u2003; n'est-ce\u2009pas\u00a0?\u2028Oui.\u2029\u2029Non.\x85Peut-être.\x1c\x1d\x1e\x1f",
    "\ufeffbyte order mark \ufeff\n\n\u200bzero width\u200b \u180e\n \ufeff",
    "e\u0301 n\u0303 a\u0308\u0323 combining marks stay where they are cut\n\ncafe\u0301",
    "one\n\n\ntwo\n\n\n\nthree\n \n \nfour \n\n  five\n\n\n\n\n\n\nsix",
    "𝒜𝒷𝒸 𝒹𝑒𝒻 𝑔𝒽𝒾\n𝒿𝓀𝓁 mixed 𝓂𝓃ℴ with plain text and 𝓅𝓆𝓇",
]

PROSE = """Chapter 1. The road, the river; and the rain.

It rained. It had rained for days, and it would rain for days to come! Would it stop? Nobody knew.

## Section 2, with figures: 1. one 2. two 10. ten

a,b,,c;d (in brackets) [or these] {or those} | pipes | and \\n a backslash... aaa aaaa aaaaa

CHAPTER 2. xx-yy_zz == double ## marks

The end"""

LITERAL_LISTS = [
    ["\n\n", "\n", " ", ""], ["\n\n", "\n", " "], [","], [", ", ""], ["."], [". ", "! ", "? ", " "], ["aa", "a"], ["a", "aa", ""],
    ["", "a"], [""], ["|", "\\n", "..."], ["(", ")", "[", "]", "{", "}"], ["^", "$", "*", "+", "?"], ["chapter"],
    ["Chapter", "CHAPTER", "\n"], ["\n\n", "", " "], ["absent"], ["The end"], ["Chapter 1"], ["##", "==", "."],
]
REGEX_LISTS = [
    ["\\n\\n", "\\n", " "], ["\\n{2,}", "[.!?] ", " ", ""], ["\\n#+ ", "\\n\\n"], ["\\s+"], ["\\s*"], ["x*", ""], ["a|b"],
    ["(?i:chapter) [0-9]+\\. ", "\\n"], ["[0-9]+\\. ", ""], ["\\b"], ["\\b", ""], ["^"], ["^", " "], ["(?m:^)", " "], ["(?m:$)"],
    ["[,;]", "[^a-z]"], ["a{2,3}"], ["a+?"], ["\\.{3}", "\\|", "\\\\n"], [".", ""], ["(?s:.)"], ["\\Aabsent|end"],
    ["(?:##|==) ", "\\d", "\\w+"], ["[\\n ]+(?:it|It|the|The)\\b", "\\S+"],
]


def utf16(text: str) -> list[int]:
    offsets = [0]
    for character in text:
        offsets.append(offsets[-1] + (2 if ord(character) > 0xFFFF else 1))
    return offsets


def spans(text: str, chunks: list[str]) -> list[int]:
    """Where the chunks are. Their starts never move back, so searching on from the last one finds them all."""
    offsets, flat, start, last = utf16(text), [], 0, 0
    for chunk in chunks:
        start = text.index(chunk, start)
        at = offsets[start]
        flat += [at - last, offsets[start + len(chunk)] - at]
        last = at
    return flat


def case(texts: list[str], index: int, size: int, overlap: int, **options: object) -> list[object]:
    splitter = RecursiveCharacterTextSplitter(chunk_size=size, chunk_overlap=overlap, **options)
    return [index, size, overlap, spans(texts[index], splitter.split_text(texts[index]))]


def sample(separator: str) -> str:
    """A text that the separator matches."""
    for pattern, text in [
        (r"(?!End\s)", ""), (r"(?:Public|Private|Friend|Global|Static)\s+?", "Public "), ("(?:Get|Let|Set)", "Get"),
        (r"\s+", " "), ("#{1,6}", "###"), ("=+", "==="), ("-+", "--"), (r"\*+", "***"), ("_+", "__"), (".. *", "..  "),
    ]:
        separator = separator.replace(pattern, text)
    text = re.sub(r"\\n", "\n", separator)
    return re.sub(r"\\(.)", r"\1", text)


def preset_groups(preset: str) -> list[dict]:
    separators = RecursiveCharacterTextSplitter.get_separators_for_language(Language(preset))
    options = {"separators": separators, "is_separator_regex": True}
    source = (HERE / "sources" / f"{preset}.txt").read_text(encoding="utf-8")
    texts = [source, source.replace("\n", "\r\n"), source.rstrip("\n")]
    sizes = [(1, 0), (2, 1), (8, 0), (8, 3), (25, 0), (25, 10), (25, 25), (60, 0), (60, 20), (120, 0), (120, 40), (300, 0), (300, 90)]
    cases = [case(texts, 0, size, overlap, **options) for size, overlap in [*sizes, (800, 200), (5000, 100)]]
    cases += [case(texts, index, size, overlap, **options) for index in (1, 2) for size, overlap in [(20, 5), (90, 30), (400, 0)]]

    # One text for each two neighbours, which comes out differently when one is missing or they change places.
    samples = [sample(separator) for separator in separators]
    for coarse, fine in zip(samples, samples[1:]):
        texts.append(f"one{fine}two{coarse}three{fine}four{fine}five")
        length = len(texts[-1])
        cases += [case(texts, len(texts) - 1, size, 0, **options) for size in (length * 6 // 10, length * 4 // 10, 6)]

    randomness = random.Random(f"splitter {preset}")
    tokens = [sample(separator) for separator in separators] + 3 * NEAR_MISSES.get(preset, [])
    for _ in range(40):
        text = "".join(randomness.choice(randomness.choice([tokens, FILLERS])) for _ in range(randomness.randint(1, 45)))
        texts.append(text)
        size = randomness.choice([1, 2, 3, 4, 6, 10, 16, 30, 60])
        overlap = randomness.choice([0, 0, randomness.randint(0, size), size // 2, size])
        cases.append(case(texts, len(texts) - 1, size, overlap, **options))
    return [{"preset": preset, "texts": texts, "cases": cases}]


def list_groups(lists: list[list[str]], texts: list[str], sizes: list[tuple[int, int]], regex: bool) -> list[dict]:
    groups = []
    for separators in lists:
        options = {"separators": separators, "is_separator_regex": regex}
        cases = [case(texts, index, size, overlap, **options) for index in range(len(texts)) for size, overlap in sizes]
        groups.append({"separators": separators, "regex": regex, "texts": texts, "cases": cases})
    return groups


def random_groups() -> list[dict]:
    randomness = random.Random("splitter random")
    literals = ["\n\n", "\n", " ", "", "a", "ab", "ba", "aa", ".", "😀", "é", " a", "\ud83d", "\ude00"]
    expressions = ["\\n+", " ", "", "a|b", "a*", "(?:ab)+", "[^a]", "\\.", "b+?", "😀", "[😀é]", "a?b", "\\n\\n|a"]
    alphabet = ["a", "b", "a", "b", " ", "\n", ".", "é", "😀", "\t", "ab", "\n\n", "\ud83d ", "x\ude00"]
    groups = []
    for number in range(300):
        regex = number % 2 == 1
        separators = randomness.sample(expressions if regex else literals, randomness.randint(1, 5))
        options = {"separators": separators, "is_separator_regex": regex}
        texts = ["".join(randomness.choices(alphabet, k=randomness.randint(0, 90))) for _ in range(3)]
        cases = []
        for index in range(len(texts)):
            size = randomness.randint(1, 24)
            cases.append(case(texts, index, size, randomness.randint(0, size), **options))
        groups.append({"separators": separators, "regex": regex, "texts": texts, "cases": cases})
    return groups


def write(name: str, groups: list[dict]) -> None:
    lines = []
    for group in groups:
        head = {key: value for key, value in group.items() if key != "cases"}
        body = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in group["cases"])
        lines.append(json.dumps(head, separators=(",", ":"))[:-1] + ',"cases":[\n' + body + "\n]}")
    (HERE / f"{name}.json").write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="ascii")


def main() -> None:
    assert version("langchain-text-splitters") == VERSION, f"needs langchain-text-splitters {VERSION}"
    for preset in PRESETS:
        write(f"preset-{preset}", preset_groups(preset))
    small = [(1, 0), (3, 1), (7, 0), (7, 7), (20, 5), (50, 0)]
    write("unicode", list_groups([["\n\n", "\n", " ", ""], ["\n", " "], ["。", "、", ""]], UNICODE_TEXTS, small, regex=False))
    sizes = [(1, 0), (5, 2), (17, 0), (17, 17), (40, 10), (120, 0)]
    write("literal", list_groups(LITERAL_LISTS, [PROSE], sizes, regex=False))
    write("regex", list_groups(REGEX_LISTS, [PROSE], sizes, regex=True))
    write("random", random_groups())


if __name__ == "__main__":
    main()
