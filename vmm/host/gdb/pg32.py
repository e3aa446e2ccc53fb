# SPDX-License-Identifier: MIT
"""PG32 in gdb: instructions as PG32's own assembler has them, the privileged ones too.

    (gdb) source pg32.py
    (gdb) target remote 127.0.0.1:PORT

The text comes from `vmm run --gdb`, which has it from the description that the machine follows, so
this file knows no instruction. Without a connection to it gdb disassembles as ever."""

import gdb
import gdb.disassembler


class Pg32(gdb.disassembler.Disassembler):
    """Asks the other end of the connection; what was asked once is remembered."""

    def __init__(self):
        super().__init__("pg32")
        self.known = {}

    def ask(self, word, address):
        connection = gdb.selected_inferior().connection
        if connection is None or connection.type != "remote":
            return None
        text = gdb.execute("monitor disassemble 0x%x 0x%x" % (word, address), to_string=True)
        return text.strip()

    def __call__(self, info):
        # A MemoryError here is gdb's to report: that memory cannot be read.
        word = int.from_bytes(bytes(info.read_memory(4)), "little")
        key = (word, info.address)
        try:
            if key not in self.known:
                text = self.ask(word, info.address)
                if text is None:
                    return None
                self.known[key] = text
        except gdb.error:
            return None
        return gdb.disassembler.DisassemblerResult(length=4, string=self.known[key])


gdb.disassembler.register_disassembler(Pg32(), "riscv:rv32")
