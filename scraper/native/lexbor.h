/* What the walk reads of Lexbor's document tree and of selectolax's node. Kept to what is needed; verify() holds
   each field against Lexbor's own accessors before any of it is believed. */
#ifndef KLIPING_LEXBOR_H
#define KLIPING_LEXBOR_H

#include <Python.h>
#include <stdint.h>

typedef struct kl_node kl_node;
struct kl_node {
    void *events;
    uintptr_t local_name, prefix, ns; /* local_name: number of a tag or an attribute; an address for unknown ones */
    void *owner_document;
    kl_node *next, *prev, *parent, *first_child, *last_child;
    void *user;
    int type; /* of the DOM standard: 1 element, 3 text */
};

typedef struct {
    unsigned char *data;
    size_t length;
} kl_str;

typedef struct kl_attr kl_attr;
struct kl_attr {
    kl_node node;
    uintptr_t upper_name, qualified_name;
    kl_str *value;
    void *owner;
    kl_attr *next, *prev;
};

typedef struct {
    kl_node node;
    uintptr_t upper_name, qualified_name;
    kl_str *is_value;
    kl_attr *first_attr;
} kl_element;

typedef struct {
    kl_node node;
    kl_str data;
} kl_text;

typedef struct {
    PyObject_HEAD
    void *vtab;
    kl_node *node;
    PyObject *parser;
    int is_fragment_root, is_template_content;
} kl_py_node;

/* Lexbor's own accessors, found in selectolax's module while the process runs. */
typedef kl_node *(*kl_step)(kl_node *);
typedef uintptr_t (*kl_number)(kl_node *);
typedef kl_attr *(*kl_attr_step)(void *);
typedef const unsigned char *(*kl_bytes)(void *, size_t *);

#endif
