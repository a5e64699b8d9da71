# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
"""The walk through a parsed page, compiled: scraper.walk says what it returns, and returns the same if this is missing."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.stdint cimport uint8_t, uint32_t, uint64_t, uintptr_t
from libc.stdlib cimport calloc, free, realloc
from libc.string cimport memchr, memcmp, memcpy, memset
cdef extern from "string.h":
    void *memmem(const void *data, size_t length, const void *wanted, size_t size)

from posix.dlfcn cimport RTLD_LAZY, dlopen, dlsym

import selectolax.lexbor
from selectolax.lexbor import LexborHTMLParser

INTERFACE = 3  # the number that scraper.native expects

cdef extern from "lexbor.h":
    ctypedef struct kl_node:
        uintptr_t local_name
        kl_node *next
        kl_node *prev
        kl_node *parent
        kl_node *first_child
        kl_node *last_child
        int type
    ctypedef struct kl_str:
        unsigned char *data
        size_t length
    ctypedef struct kl_attr:
        kl_node node
        kl_str *value
        kl_attr *next
    ctypedef struct kl_element:
        kl_node node
        uintptr_t qualified_name
        kl_attr *first_attr
    ctypedef struct kl_text:
        kl_node node
        kl_str data
    ctypedef kl_node *(*kl_step)(kl_node *) noexcept
    ctypedef uintptr_t (*kl_number)(kl_node *) noexcept
    ctypedef kl_attr *(*kl_attr_step)(void *) noexcept
    ctypedef const unsigned char *(*kl_bytes)(void *, size_t *) noexcept
    ctypedef class selectolax.lexbor.LexborNode [object kl_py_node, check_size error]:
        cdef kl_node *node
        cdef object parser

cdef enum:
    ELEMENT = 1
    TEXT = 3
    DOCUMENT = 9
    LAST_NUMBER = 0xFFFF  # the highest of the tags and attributes that HTML defines
    MANY = 1024
    MUCH = 1 << 20
    BREAK = 31  # scraper.html.LINE_BREAK

# Flags of an element: inside something that is never text, or taken by a caller that removes it from the page.
cdef enum:
    PLAIN, HELD, TAKEN

# How a value is compared: see scraper.selectors.Operator.
cdef enum:
    EXISTS, EQUALS, HAS_WORD, HAS, BEGINS, ENDS

cdef dict _OPERATORS = {"": EXISTS, "=": EQUALS, "~=": HAS_WORD, "*=": HAS, "^=": BEGINS, "$=": ENDS}
cdef kl_bytes _name_of_attribute = NULL
cdef kl_bytes _name_of_element = NULL


cdef inline LexborNode _wrapped(kl_node *node, object parser):
    cdef LexborNode made = LexborNode.__new__(LexborNode)
    made.node = node
    made.parser = parser
    return made


cdef inline str _text(const unsigned char *data, size_t length):
    return PyUnicode_DecodeUTF8(<const char *> data, length, "replace")  # as selectolax does


cdef inline kl_attr *_attribute(kl_node *node, uintptr_t number) noexcept:
    cdef kl_attr *attr = (<kl_element *> node).first_attr
    while attr != NULL and attr.node.local_name != number:
        attr = attr.next
    return attr


cdef class Names:
    """Lexbor's numbers of tags and attributes, and prepared selectors: each is added when it is first asked for."""

    cdef object alternatives
    cdef dict tags, attributes, selectors
    cdef list known  # the names of tags by their numbers
    cdef bint[MANY] is_holder
    cdef uintptr_t a, href, id, class_

    def __init__(self, *, alternatives, holders):
        """`alternatives` returns the compounds of a list of selectors (scraper.selectors); `holders` are the numbers of tags whose
        content is never text."""
        cdef int number
        self.alternatives = alternatives
        self.tags, self.attributes, self.selectors = {}, {}, {}
        self.known = [None] * MANY
        self.a, self.href = self.tag("a"), self.attribute("href")
        self.id, self.class_ = self.attribute("id"), self.attribute("class")
        for number in range(MANY):
            self.is_holder[number] = number in holders
        global _names_known
        _names_known = self

    cdef uint32_t tag(self, str name) except? 0xFFFFFFFF:
        """The number of a tag; 0 for one that HTML does not define, whose number differs from page to page."""
        number = self.tags.get(name)
        if number is None:
            _bound(self.tags)
            number = LexborHTMLParser("").create_node(name).tag_id
            number = self.tags[name] = number if number <= LAST_NUMBER else 0
        return number

    cdef str name(self, kl_node *node, object parser):
        """The tag of a node as selectolax returns it, "" if it has none; tags with only one spelling in HTML are cached."""
        cdef bint is_plain = node.type == ELEMENT and node.local_name < MANY and (<kl_element *> node).qualified_name == 0
        known = self.known[node.local_name] if is_plain else None
        if known is None:
            known = _wrapped(node, parser).tag or ""
            if is_plain:
                self.known[node.local_name] = known
        return known

    cdef uintptr_t attribute(self, str name) except? 0xFFFFFFFF:
        """The number of an attribute; 0 for one that HTML does not define."""
        cdef LexborNode given
        cdef uintptr_t found
        number = self.attributes.get(name)
        if number is None:
            _bound(self.attributes)
            given = LexborHTMLParser(f"<p {name}>").css_first("p")
            found = (<kl_element *> given.node).first_attr.node.local_name
            number = self.attributes[name] = found if found <= LAST_NUMBER else 0
        return number

    cdef Selector selector(self, str text):
        """A prepared selector; None for one that only the engine can evaluate."""
        if text not in self.selectors:
            _bound(self.selectors)
            compounds = self.alternatives(text)
            is_known = compounds is not None and all([each.tag is None or self.tag(each.tag) for each in compounds])
            self.selectors[text] = Selector(self, compounds) if is_known else None
        return self.selectors[text]


cdef Names _names_known = None  # shared by the whole process


cdef int _bound(dict known) except -1:
    if len(known) >= MANY:
        known.clear()
    return 0


cdef struct Test:
    uintptr_t number  # of the attribute; 0 if it is recognised by name only
    const char *name
    Py_ssize_t name_length
    int operator
    const char *wanted  # in lower case if case does not matter
    Py_ssize_t length
    bint is_caseless
    const char *exact  # `wanted` as it is written, if the page's doctype decides whether case matters; else NULL
    uint64_t present  # the bit of its attribute, to compare with the bits of an element's attributes
    uint64_t pairs  # the bits of its letters (see _pairs)


cdef struct Compound:
    uint32_t tag  # 0 for any
    int first, last  # its range among the tests


cdef class Selector:
    """A list of selectors without combinators."""

    cdef Compound *compounds
    cdef Test *tests
    cdef int count
    cdef bint has_bare  # whether one of them tests no attribute
    cdef list kept  # the bytes that the tests point to

    def __cinit__(self, Names names, compounds):
        cdef int at = 0, number = 0
        cdef bytes name, wanted, lower
        self.kept = []
        self.count = len(compounds)
        self.compounds = <Compound *> realloc(NULL, max(1, self.count) * sizeof(Compound))
        self.tests = <Test *> realloc(NULL, max(1, sum([len(each.tests) for each in compounds])) * sizeof(Test))
        if self.compounds == NULL or self.tests == NULL:
            raise MemoryError
        for each in compounds:
            self.compounds[number].tag = names.tag(each.tag) if each.tag is not None else 0
            self.compounds[number].first = at
            for test in each.tests:
                name, wanted = test.name.encode(), test.wanted.encode()
                self.kept += [name, wanted]
                self.tests[at].number = names.attribute(test.name)
                self.tests[at].name = PyBytes_AS_STRING(name)
                self.tests[at].name_length = PyBytes_GET_SIZE(name)
                self.tests[at].operator = _OPERATORS[test.operator]
                self.tests[at].wanted = PyBytes_AS_STRING(wanted)
                self.tests[at].length = PyBytes_GET_SIZE(wanted)
                self.tests[at].is_caseless = test.is_caseless
                self.tests[at].exact = NULL
                if test.operator == "~=" and "." in each.text:
                    lower = wanted.lower()
                    self.kept.append(lower)
                    self.tests[at].exact = self.tests[at].wanted
                    self.tests[at].wanted = PyBytes_AS_STRING(lower)
                    self.tests[at].is_caseless = True
                self.tests[at].present = _bit(<const unsigned char *> self.tests[at].name, self.tests[at].name_length)
                self.tests[at].pairs = _pairs(<const unsigned char *> self.tests[at].wanted, self.tests[at].length)
                at += 1
            self.compounds[number].last = at
            self.has_bare = self.has_bare or not each.tests
            number += 1

    def __dealloc__(self):
        free(self.compounds)
        free(self.tests)


cdef inline unsigned char _small(unsigned char char) noexcept:
    return char + 32 if 65 <= char <= 90 else char


cdef inline uint64_t _bit(const unsigned char *name, Py_ssize_t length) noexcept:
    """The bit of an attribute with this name, which some other attributes share."""
    cdef uint32_t found = length
    cdef Py_ssize_t at
    for at in range(length):
        found = found * 31 + name[at]
    return <uint64_t> 1 << ((found ^ (found >> 7)) & 63)


cdef struct Seen:  # an attribute's number, and its bit
    uintptr_t number
    uint64_t bit


cdef inline uint64_t _bit_of(kl_attr *attr, Seen *seen) noexcept:
    """The bit of an attribute; `seen` has MANY entries for the page's attributes."""
    cdef Seen *place = &seen[(attr.node.local_name ^ (attr.node.local_name >> 5)) & (MANY - 1)]
    cdef size_t length = 0
    cdef const unsigned char *name
    if place.number != attr.node.local_name:
        name = _name_of_attribute(attr, &length)
        place.number, place.bit = attr.node.local_name, _bit(name, length)
    return place.bit


cdef uint64_t _pairs(const unsigned char *data, Py_ssize_t length) noexcept:
    """Bits for the pairs of letters in a value, in lower case: a part of a value has no bit that the value does not have."""
    cdef uint64_t found = 0
    cdef Py_ssize_t at
    for at in range(1, length):
        found |= <uint64_t> 1 << ((_small(data[at - 1]) * 7 + _small(data[at])) & 63)
    return found


cdef inline bint _is_same(const unsigned char *data, Test *test) noexcept:
    cdef Py_ssize_t at
    if not test.is_caseless:
        return memcmp(data, test.wanted, test.length) == 0
    for at in range(test.length):
        if _small(data[at]) != <unsigned char> test.wanted[at]:
            return False
    return True


cdef inline bint _is_blank(unsigned char char) noexcept:
    return char == 32 or char == 9 or char == 10 or char == 12 or char == 13


cdef bint _fits(const unsigned char *data, Py_ssize_t length, Test *test) noexcept:
    cdef Py_ssize_t at, last = length - test.length
    if last < 0:
        return False
    if test.operator == EQUALS:
        return last == 0 and _is_same(data, test)
    if test.operator == BEGINS:
        return _is_same(data, test)
    if test.operator == ENDS:
        return _is_same(data + last, test)
    for at in range(last + 1):
        if (_small(data[at]) if test.is_caseless else data[at]) != <unsigned char> test.wanted[0] or not _is_same(data + at, test):
            continue
        if test.operator == HAS:
            return True
        if (at == 0 or _is_blank(data[at - 1])) and (at == last or _is_blank(data[at + test.length])):
            return True
    return False


cdef bint _accepts(kl_node *node, Test *test) noexcept:
    cdef kl_attr *attr = (<kl_element *> node).first_attr
    cdef const unsigned char *name
    cdef size_t length = 0
    if test.number:
        while attr != NULL and attr.node.local_name != test.number:
            attr = attr.next
    else:
        while attr != NULL:
            if attr.node.local_name > LAST_NUMBER:
                name = _name_of_attribute(attr, &length)
                if <Py_ssize_t> length == test.name_length and memcmp(name, test.name, length) == 0:
                    break
            attr = attr.next
    if attr == NULL:
        return False
    if test.operator == EXISTS:
        return True
    return attr.value != NULL and attr.value.data != NULL and _fits(attr.value.data, attr.value.length, test)


cdef struct Marks:  # of an element; with them most tests fail at once
    uint64_t present, classes, id


cdef inline bint _is_in_tree(kl_node *node) noexcept:
    """Whether an element is still in its document: elements without text may have been removed."""
    while node.parent != NULL:
        node = node.parent
    return node.type == DOCUMENT


cdef class Walk:
    """The elements of a page in document order, as they were when this was made: see scraper.walk.Walk."""

    cdef kl_node **nodes
    cdef uint32_t *tags  # 0 for a tag that HTML does not define
    cdef uint32_t *ends  # where the descendants of an element end
    cdef uint8_t *state
    cdef Marks *marks  # NULL until a selector is evaluated
    cdef uint64_t present  # the bits of all elements' attributes
    cdef Py_ssize_t count
    cdef object parser
    cdef Names names
    cdef dict found

    def __cinit__(self, Names names, LexborNode root):
        cdef kl_node *top = root.node
        cdef kl_node *node = top
        cdef kl_node *holder = NULL
        cdef Py_ssize_t room = 0, open = 0, around
        self.names, self.parser, self.found = names, root.parser, {}
        while True:
            if node.type == ELEMENT:
                if self.count == room:
                    room = self._grown(room)
                self.nodes[self.count] = node
                self.tags[self.count] = <uint32_t> node.local_name if node.local_name <= LAST_NUMBER else 0
                self.state[self.count] = HELD if holder != NULL else PLAIN
                self.ends[self.count] = <uint32_t> open  # for now, the position of its parent
                open = self.count
                self.count += 1
                if holder == NULL and node.local_name < MANY and names.is_holder[node.local_name]:
                    holder = node
            if node.first_child != NULL:
                node = node.first_child
                continue
            while True:
                if node == holder:
                    holder = NULL
                if node.type == ELEMENT:
                    around = self.ends[open]
                    self.ends[open] = <uint32_t> self.count
                    open = around
                if node == top or node.next != NULL:
                    break
                node = node.parent
            if node == top:
                break
            node = node.next

    cdef Py_ssize_t _grown(self, Py_ssize_t room) except -1:
        cdef Py_ssize_t more = 2 * room if room else MANY
        cdef void *nodes = realloc(self.nodes, more * sizeof(kl_node *))
        if nodes != NULL:
            self.nodes = <kl_node **> nodes
        cdef void *tags = realloc(self.tags, more * sizeof(uint32_t))
        if tags != NULL:
            self.tags = <uint32_t *> tags
        cdef void *ends = realloc(self.ends, more * sizeof(uint32_t))
        if ends != NULL:
            self.ends = <uint32_t *> ends
        cdef void *state = realloc(self.state, more)
        if state != NULL:
            self.state = <uint8_t *> state
        if nodes == NULL or tags == NULL or ends == NULL or state == NULL:
            raise MemoryError
        return more

    def __dealloc__(self):
        free(self.nodes)
        free(self.tags)
        free(self.ends)
        free(self.state)
        free(self.marks)

    def __len__(self):
        return self.count

    def tagged(self, str tag):
        found = self.found.get(tag)
        if found is None:
            found = self.found[tag] = self._with_tag(tag)
        return found

    def take(self, str tag):
        cdef Py_ssize_t at
        cdef uint32_t number = self.names.tag(tag)
        found = self.tagged(tag)
        self.found[tag] = []
        for at in range(self.count if number else 0):
            if self.tags[at] == number:
                self.state[at] = TAKEN
        return found

    def links(self):
        cdef list found = []
        cdef Py_ssize_t at
        cdef kl_attr *attr
        for at in range(self.count):
            if self.tags[at] == self.names.a and self.state[at] == PLAIN:
                attr = _attribute(self.nodes[at], self.names.href)
                if attr != NULL and attr.value != NULL and attr.value.length:
                    found.append((_wrapped(self.nodes[at], self.parser), _text(attr.value.data, attr.value.length)))
        return found

    def loose(self, tuple tags, Py_ssize_t least, Py_ssize_t most):
        """[(element, size of its own text, number of its breaks)] of those among the first `most` elements with these tags, tag by
        tag, whose own text has at least the size `least`; breaks count, white space around lines does not."""
        cdef Py_ssize_t at, size, breaks
        cdef list found = []
        cdef uint32_t number
        for tag in tags:
            number = self.names.tag(tag)
            for at in range(self.count):
                if self.tags[at] != number or self.state[at] != PLAIN:
                    continue
                most -= 1
                if most < 0:
                    return found
                _buffer.gather(self.nodes[at], False)
                if <Py_ssize_t> _buffer.length < least:  # a byte counts as one character at most
                    continue
                breaks = _breaks(_buffer.data, _buffer.length)
                _buffer.collapse()
                size = _size(_buffer.data, _buffer.length)
                if size >= least:
                    found.append((_wrapped(self.nodes[at], self.parser), size, breaks))
        return found

    def by_id(self):
        cdef dict found = {}
        cdef Py_ssize_t at
        cdef kl_attr *attr
        for at in range(self.count):
            attr = _attribute(self.nodes[at], self.names.id)
            if attr != NULL and (self.state[at] == PLAIN or _is_in_tree(self.nodes[at])):
                name = _text(attr.value.data, attr.value.length) if attr.value != NULL else ""
                found.setdefault(name, []).append(_wrapped(self.nodes[at], self.parser))
        return found

    def matching(self, str text, LexborNode root = None):
        cdef Selector selector = self.names.selector(text)
        if selector is None:
            return None
        cdef list found = []
        cdef Py_ssize_t at, first = 0
        cdef int number, test
        cdef Compound *compound
        if self.marks == NULL:
            self._mark()
        if root is not None:
            while first < self.count and self.nodes[first] != root.node:
                first += 1
            if first == self.count:
                return None
        if not self._may_fit(selector):
            return found
        for at in range(first, self.ends[first]):
            if not self.marks[at].present and not selector.has_bare:
                continue
            for number in range(selector.count):
                compound = &selector.compounds[number]
                if compound.tag and compound.tag != self.tags[at]:
                    continue
                for test in range(compound.first, compound.last):
                    if not self._accepts(at, &selector.tests[test]):
                        break
                else:
                    if not self._is_exact(at, selector, compound):
                        return None
                    if self.state[at] == PLAIN or _is_in_tree(self.nodes[at]):
                        found.append(_wrapped(self.nodes[at], self.parser))
        return found

    cdef bint _is_exact(self, Py_ssize_t at, Selector selector, Compound *compound) noexcept:
        """Whether an element that fits without regard to case also fits with it; if not, the page's doctype decides."""
        cdef int test
        cdef Test written
        for test in range(compound.first, compound.last):
            if selector.tests[test].exact != NULL:
                written = selector.tests[test]
                written.wanted, written.is_caseless = written.exact, False
                if not _accepts(self.nodes[at], &written):
                    return False
        return True

    cdef bint _may_fit(self, Selector selector) noexcept:
        """Whether the page has all the attributes that one selector of a list tests."""
        cdef int number, test
        for number in range(selector.count):
            for test in range(selector.compounds[number].first, selector.compounds[number].last):
                if not self.present & selector.tests[test].present:
                    break
            else:
                return True
        return False

    cdef int _mark(self) except -1:
        cdef Py_ssize_t at
        cdef kl_attr *attr
        cdef Marks *marks
        cdef Seen[MANY] seen
        memset(seen, 0, sizeof(seen))
        self.marks = <Marks *> calloc(self.count, sizeof(Marks))
        if self.marks == NULL:
            raise MemoryError
        for at in range(self.count):
            marks = &self.marks[at]
            attr = (<kl_element *> self.nodes[at]).first_attr
            while attr != NULL:
                marks.present |= _bit_of(attr, seen)
                if attr.value == NULL:
                    pass
                elif attr.node.local_name == self.names.class_:
                    marks.classes |= _pairs(attr.value.data, attr.value.length)
                elif attr.node.local_name == self.names.id:
                    marks.id |= _pairs(attr.value.data, attr.value.length)
                attr = attr.next
            self.present |= marks.present
        return 0

    cdef inline bint _accepts(self, Py_ssize_t at, Test *test) noexcept:
        cdef Marks *marks = &self.marks[at]
        if not marks.present & test.present:
            return False
        if test.number == self.names.class_ and (marks.classes & test.pairs) != test.pairs:
            return False
        if test.number == self.names.id and (marks.id & test.pairs) != test.pairs:
            return False
        return _accepts(self.nodes[at], test)

    def inside(self, nodes):
        return None  # a new walk is faster

    def leave_out(self, gone):
        raise NotImplementedError

    cdef list _with_tag(self, str tag):
        cdef list found = []
        cdef Py_ssize_t at
        cdef uint32_t number = self.names.tag(tag)
        cdef bytes name = tag.encode()
        cdef size_t length = 0
        cdef const unsigned char *own
        for at in range(self.count):
            if self.tags[at] != number or self.state[at] != PLAIN:
                continue
            if not number:
                own = _name_of_element(self.nodes[at], &length)
                if <Py_ssize_t> length != PyBytes_GET_SIZE(name) or memcmp(own, PyBytes_AS_STRING(name), length):
                    continue
            found.append(_wrapped(self.nodes[at], self.parser))
        return found


cdef inline kl_node *_next_in(kl_node *node, kl_node *top, bint is_deep) noexcept:
    """The next node in document order below an element; NULL at its end. Without `is_deep`, the node's own descendants are skipped."""
    if is_deep and node.first_child != NULL:
        return node.first_child
    while node != top and node.next == NULL:
        node = node.parent
    return node.next if node != top else NULL


cdef class Buffer:
    """Bytes of text, collected so that they are decoded only once."""

    cdef unsigned char *data
    cdef size_t length, room

    def __dealloc__(self):
        free(self.data)

    cdef int add(self, const unsigned char *data, size_t length) except -1:
        cdef void *more
        if self.length + length > self.room:
            self.room = 2 * (self.length + length) + MANY
            more = realloc(self.data, self.room)
            if more == NULL:
                raise MemoryError
            self.data = <unsigned char *> more
        memcpy(self.data + self.length, data, length)
        self.length += length
        return 0

    cdef int gather(self, kl_node *top, bint is_deep) except -1:
        """Collect the text of a node with its descendants, or only its own."""
        cdef kl_node *node = top
        self.length = 0
        if self.room > MUCH:  # left by a page that was one long text
            free(self.data)
            self.data, self.room = NULL, 0
        while node != NULL:
            if node.type == TEXT and (<kl_text *> node).data.data != NULL:
                self.add((<kl_text *> node).data.data, (<kl_text *> node).data.length)
            node = _next_in(node, top, is_deep or node == top)
        return 0

    cdef str text(self):
        return _text(self.data, self.length)

    cdef void collapse(self) noexcept:
        """Put the text on one line, as scraper.text.collapse does."""
        cdef size_t at = 0, to = 0
        cdef int length
        cdef bint is_parted = False
        while at < self.length:
            if 32 < self.data[at] < 128:
                length = 0
            else:
                length = _blank_at(self.data + at, self.length - at)
            if length > 0:
                is_parted = True
                at += length
            elif length < 0:  # it joins the words around it
                at -= length
            else:
                if is_parted and to:
                    self.data[to] = 32
                    to += 1
                is_parted = False
                self.data[to] = self.data[at]
                to += 1
                at += 1
        self.length = to


cdef int _blank_at(const unsigned char *data, size_t length) noexcept:
    """The bytes of the white space (str.isspace) at the beginning of a text; negative for those of an invisible joiner, 0 if it is neither."""
    if data[0] <= 32:
        return 1 if data[0] == 32 or 9 <= data[0] <= 13 or 28 <= data[0] <= 31 else 0
    if data[0] == 0xC2 and length > 1:
        return 2 if data[1] == 0x85 or data[1] == 0xA0 else -2 if data[1] == 0xAD else 0
    if length < 3:
        return 0
    if data[0] == 0xE2 and data[1] == 0x80:
        return 3 if 0x80 <= data[2] <= 0x8A or data[2] == 0xA8 or data[2] == 0xA9 or data[2] == 0xAF else -3 if data[2] == 0x8B else 0
    if data[0] == 0xE2 and data[1] == 0x81:
        return 3 if data[2] == 0x9F else -3 if data[2] == 0xA0 else 0
    if data[0] == 0xE3:
        return 3 if data[1] == 0x80 and data[2] == 0x80 else 0
    if data[0] == 0xE1:
        return 3 if data[1] == 0x9A and data[2] == 0x80 else 0
    return -3 if data[0] == 0xEF and data[1] == 0xBB and data[2] == 0xBF else 0


cdef Buffer _buffer = Buffer()  # used while the GIL is held, by one function at a time


def text(LexborNode node not None):
    """All text of an element, as its text() returns it."""
    _buffer.gather(node.node, True)
    return _buffer.text()


def prose(LexborNode node not None):
    """As scraper.html.prose."""
    _buffer.gather(node.node, True)
    _buffer.collapse()
    return _buffer.text()


def pieces(LexborNode top not None):
    """As scraper.html.Tree.pieces, for the page's body."""
    cdef kl_node *node = top.node
    cdef const unsigned char *at
    cdef const unsigned char *end
    cdef const unsigned char *stop
    cdef list found = []
    cdef str piece
    while node != NULL:
        if node.type == TEXT and (<kl_text *> node).data.data != NULL:
            at = (<kl_text *> node).data.data
            end = at + (<kl_text *> node).data.length
            while at < end:
                stop = <const unsigned char *> memchr(at, 10, end - at)
                piece = _stripped(at, end if stop == NULL else stop)
                if piece:
                    found.append(piece)
                at = end if stop == NULL else stop + 1
        node = _next_in(node, top.node, True)
    return found


cdef str _stripped(const unsigned char *start, const unsigned char *end):
    """The text between two positions, without the white space around it; None if it is empty."""
    while start < end and start[0] <= 32 and _blank_at(start, 1):
        start += 1
    while start < end and (end - 1)[0] <= 32 and _blank_at(end - 1, 1):
        end -= 1
    if start == end:
        return None
    cdef str found = _text(start, end - start)
    return found.strip() if start[0] >= 128 or (end - 1)[0] >= 128 else found


def descendants(LexborNode node not None, str tag not None):
    """As scraper.html.descendants, for a tag that HTML defines."""
    return _with_number(node, _names_known.tag(tag))


cdef list _with_number(LexborNode node, uintptr_t number):
    cdef kl_node *at = node.node
    cdef list found = []
    while at != NULL:
        if at.type == ELEMENT and at.local_name == number:
            found.append(_wrapped(at, node.parser))
        at = _next_in(at, node.node, True)
    return found


def children(LexborNode node not None):
    """(tag, text or element) of an element's direct children."""
    cdef kl_node *at = node.node.first_child
    cdef list found = []
    while at != NULL:
        if at.type == TEXT:
            found.append(("-text", _text((<kl_text *> at).data.data, (<kl_text *> at).data.length)))
        else:
            found.append((_names_known.name(at, node.parser), _wrapped(at, node.parser)))
        at = at.next
    return found


def links(LexborNode node not None):
    """[(address, text on one line)] of the <a> in an element that have an address; it may be empty."""
    cdef kl_node *at = node.node
    cdef kl_attr *attr
    cdef list found = []
    while at != NULL:
        attr = _attribute(at, _names_known.href) if at.type == ELEMENT and at.local_name == _names_known.a else NULL
        if attr != NULL:
            _buffer.gather(at, True)
            _buffer.collapse()
            found.append((_text(attr.value.data, attr.value.length) if attr.value != NULL else "", _buffer.text()))
        at = _next_in(at, node.node, True)
    return found


cdef class Bits:
    """The bits of tags: by number, and by name for tags that HTML does not define."""

    cdef int[MANY] known
    cdef dict others

    def __init__(self, dict bits not None):
        cdef int number
        self.others = {}
        for tag, each in bits.items():
            number = _names_known.tag(tag)
            if number:
                self.known[number] = each
            else:
                self.others[tag] = each

    cdef inline int of(self, kl_node *node) except -1:
        cdef size_t length = 0
        cdef const unsigned char *name
        if node.local_name < MANY:
            return self.known[node.local_name]
        if node.local_name <= LAST_NUMBER:
            return 0
        name = _name_of_element(node, &length)
        return self.others.get(_text(name, length), 0)

    def inside(self, LexborNode top not None):
        """The bits of what the elements of a container contain, by `mem_id`."""
        cdef kl_node *node = top.node
        cdef kl_node *around
        cdef dict found = {}
        cdef int bits
        while node != NULL:
            bits = self.of(node) if node.type == ELEMENT else 0
            around = node.parent if bits and node != top.node else NULL
            while around != NULL:
                key = <uintptr_t> around
                known = <int> found.get(key, 0)
                if known & bits == bits:
                    break
                found[key] = known | bits
                around = around.parent if around != top.node else NULL
            node = _next_in(node, top.node, True)
        return found


def is_longer(LexborNode node not None, Py_ssize_t limit):
    """As scraper.html.is_longer."""
    cdef kl_node *at = node.node
    while at != NULL:
        if at.type == TEXT:
            limit -= _characters((<kl_text *> at).data.data, (<kl_text *> at).data.length)
            if limit < 0:
                return True
        at = _next_in(at, node.node, True)
    return False


def has_text(LexborNode node not None, bytes wanted not None):
    """Whether these ASCII bytes occur in a piece of an element's text."""
    cdef kl_node *at = node.node
    cdef const unsigned char *first
    cdef size_t left, length = PyBytes_GET_SIZE(wanted)
    while at != NULL:
        if at.type == TEXT and (<kl_text *> at).data.length >= length:
            first, left = (<kl_text *> at).data.data, (<kl_text *> at).data.length
            if memmem(first, left, PyBytes_AS_STRING(wanted), length) != NULL:
                return True
        at = _next_in(at, node.node, True)
    return False


cdef Py_ssize_t _size(const unsigned char *data, size_t length) noexcept:
    """As scraper.text.size."""
    cdef size_t at
    cdef Py_ssize_t characters = 0, unspaced = 0
    cdef uint32_t char
    for at in range(length):
        characters += (data[at] & 0xC0) != 0x80
        if (data[at] & 0xF0) == 0xE0 and at + 2 < length:
            char = ((data[at] & 0x0F) << 12) | ((data[at + 1] & 0x3F) << 6) | (data[at + 2] & 0x3F)
            unspaced += (
                0x0E00 <= char <= 0x0EFF or 0x1000 <= char <= 0x109F or 0x1780 <= char <= 0x17FF or 0x3040 <= char <= 0x30FF
                or 0x3400 <= char <= 0x4DBF or 0x4E00 <= char <= 0x9FFF
            )
    return characters + unspaced * 3 // 2


def paragraphs(list nodes not None, dict texts not None, object measure, int least, int most):
    """[(element, size of its text, characters of the links in it)] of long enough paragraphs: all of at least the size `most`, and shorter ones
    if `measure` says so. Texts longer than `least`, on one line, are put into `texts` by `mem_id`."""
    cdef LexborNode node
    cdef list found = []
    cdef Py_ssize_t length
    cdef str line
    for node in nodes:
        _buffer.gather(node.node, True)
        if <Py_ssize_t> _buffer.length <= least:  # there are at least as many bytes as characters
            continue
        is_broken = memchr(_buffer.data, BREAK, _buffer.length) != NULL
        if _characters(_buffer.data, _buffer.length) <= least:
            continue
        _buffer.collapse()
        line = _buffer.text()
        if not is_broken:
            texts[<uintptr_t> node.node] = line
        length = _size(_buffer.data, _buffer.length)
        if length < most:
            length = measure(line)
        if length:
            found.append((node, length, _linked(node.node)))
    return found


cdef Py_ssize_t _breaks(const unsigned char *data, size_t length) noexcept:
    cdef size_t at
    cdef Py_ssize_t found = 0
    for at in range(length):
        found += data[at] == BREAK
    return found


cdef Py_ssize_t _characters(const unsigned char *data, size_t length) noexcept:
    cdef size_t at
    cdef Py_ssize_t found = 0
    for at in range(length):
        found += (data[at] & 0xC0) != 0x80
    return found


cdef Py_ssize_t _linked(kl_node *paragraph) noexcept:
    """Characters of the links in a paragraph, except those of paragraphs inside it."""
    cdef kl_node *node = paragraph
    cdef kl_node *inner
    cdef Py_ssize_t found = 0
    cdef bint is_deep
    while node != NULL:
        is_deep = True
        if node.type == ELEMENT and node != paragraph:
            is_deep = node.local_name != paragraph.local_name
            inner = node if is_deep and node.local_name == _names_known.a else NULL
            while inner != NULL:
                if inner.type == TEXT:
                    found += _characters((<kl_text *> inner).data.data, (<kl_text *> inner).data.length)
                inner = _next_in(inner, node, True)
        node = _next_in(node, paragraph, is_deep)
    return found


cdef str _PROBE = (
    "<!DOCTYPE html><title>a</title><!-- b --><p id=c class='d e' data-f>g<br>h<i hidden></i></p><my-tag i=''>j</my-tag><svg xlink:href=k>"
)


cdef str _why_not():
    """How the layout of Lexbor's tree differs from the one that this was written for; None if it does not. Every field is compared with
    what Lexbor's own accessors return for a parsed page."""
    global _name_of_attribute, _name_of_element
    cdef LexborNode root = LexborHTMLParser(_PROBE).root
    cdef void *lexbor = dlopen(selectolax.lexbor.__file__.encode(), RTLD_LAZY)  # stays open, as selectolax does
    if lexbor == NULL:
        return "selectolax's module cannot be opened"
    _name_of_attribute = <kl_bytes> dlsym(lexbor, "lxb_dom_attr_local_name_noi")
    _name_of_element = <kl_bytes> dlsym(lexbor, "lxb_dom_element_qualified_name")
    return _mismatch(lexbor, root.node, root.node)


cdef str _mismatch(void *lexbor, kl_node *top, kl_node *node):
    cdef kl_step next_of = <kl_step> dlsym(lexbor, "lxb_dom_node_next_noi")
    cdef kl_step prev_of = <kl_step> dlsym(lexbor, "lxb_dom_node_prev_noi")
    cdef kl_step parent_of = <kl_step> dlsym(lexbor, "lxb_dom_node_parent_noi")
    cdef kl_step first_of = <kl_step> dlsym(lexbor, "lxb_dom_node_first_child_noi")
    cdef kl_step last_of = <kl_step> dlsym(lexbor, "lxb_dom_node_last_child_noi")
    cdef kl_number number_of = <kl_number> dlsym(lexbor, "lxb_dom_node_tag_id_noi")
    cdef kl_number type_of = <kl_number> dlsym(lexbor, "lxb_dom_node_type_noi")
    cdef kl_attr_step attribute_of = <kl_attr_step> dlsym(lexbor, "lxb_dom_element_first_attribute_noi")
    cdef kl_attr_step next_attribute = <kl_attr_step> dlsym(lexbor, "lxb_dom_element_next_attribute_noi")
    cdef kl_bytes value_of = <kl_bytes> dlsym(lexbor, "lxb_dom_attr_value_noi")
    cdef kl_bytes text_of = <kl_bytes> dlsym(lexbor, "lxb_dom_node_text_content")
    cdef kl_attr *attr
    cdef const unsigned char *own
    cdef size_t length
    if (next_of == NULL or prev_of == NULL or parent_of == NULL or first_of == NULL or last_of == NULL
            or number_of == NULL or type_of == NULL or attribute_of == NULL or next_attribute == NULL
            or value_of == NULL or text_of == NULL or _name_of_attribute == NULL or _name_of_element == NULL):
        return "selectolax's module does not show Lexbor's accessors"
    while node != NULL:
        if (node.next != next_of(node) or node.prev != prev_of(node) or node.parent != parent_of(node)
                or node.first_child != first_of(node) or node.last_child != last_of(node)
                or node.local_name != number_of(node) or <uint32_t> node.type != <uint32_t> type_of(node)):
            return "Lexbor's nodes are laid out otherwise"
        if node.type == TEXT:
            length = 0
            own = text_of(node, &length)
            if length != (<kl_text *> node).data.length or memcmp(own, (<kl_text *> node).data.data, length):
                return "Lexbor's texts are laid out otherwise"
        if node.type == ELEMENT:
            attr = attribute_of(node)
            if attr != (<kl_element *> node).first_attr:
                return "Lexbor's elements are laid out otherwise"
            while attr != NULL:
                length = 0
                if attr.next != next_attribute(attr) or attr.node.local_name != number_of(<kl_node *> attr):
                    return "Lexbor's attributes are laid out otherwise"
                if attr.value == NULL:
                    if value_of(attr, &length) != NULL:
                        return "Lexbor's attributes are laid out otherwise"
                elif attr.value.data != value_of(attr, &length) or attr.value.length != length:
                    return "Lexbor's values are laid out otherwise"
                attr = attr.next
        if node.first_child != NULL:
            node = node.first_child
            continue
        while node != top and node.next == NULL:
            node = node.parent
        node = node.next if node != top else NULL
    return None


def openings(bytes markup, bytes firsts, tuple tails):
    """(number of "<", number of those that begin a tag with one of these letters, followed by one of these tails in lower case or none,
    and a blank or a slash)."""
    cdef const unsigned char *start = <const unsigned char *> PyBytes_AS_STRING(markup)
    cdef const unsigned char *end = start + PyBytes_GET_SIZE(markup)
    cdef const unsigned char *at = start
    cdef Py_ssize_t tags = 0, found = 0
    cdef Py_ssize_t length
    cdef int number
    cdef bint[256] is_first
    memset(is_first, 0, sizeof(is_first))
    for number in range(<int> PyBytes_GET_SIZE(firsts)):
        is_first[<unsigned char> PyBytes_AS_STRING(firsts)[number]] = True
    while True:
        at = <const unsigned char *> memchr(at, 60, end - at)
        if at == NULL:
            return tags, found
        tags += 1
        at += 1
        if at >= end:
            return tags, found
        if not is_first[at[0]]:
            continue
        if at + 1 < end and _is_space(at[1]):
            found += 1
        elif at + 1 < end:
            length = 1
            while at + length < end and length < 8 and not _is_space(at[length]):
                length += 1
            if at + length < end and _is_space(at[length]) and _is_tail(at + 1, length - 1, tails):
                found += 1


cdef inline bint _is_space(unsigned char char) noexcept:
    return char == 32 or char == 47 or 9 <= char <= 13


cdef bint _is_tail(const unsigned char *data, Py_ssize_t length, tuple tails):
    cdef bytes tail
    cdef Py_ssize_t at
    for tail in tails:
        if PyBytes_GET_SIZE(tail) != length:
            continue
        for at in range(length):
            if _small(data[at]) != <unsigned char> PyBytes_AS_STRING(tail)[at]:
                break
        else:
            return True
    return False


if (_why := _why_not()) is not None:
    raise ImportError(_why)
