package dev.freshwire.it.driver.ktorcio

import dev.freshwire.it.driver.Call
import io.ktor.http.content.OutgoingContent
import java.io.IOException
import java.util.concurrent.atomic.AtomicInteger

/** Writing a body fails the first time, as it does when the connection has just been reset. */
class BreaksOffUnderTest : KtorCioUnderTest(false) {
    override fun body(call: Call): OutgoingContent = BreaksOff(ByteArray(call.bodySize()))

    private class BreaksOff(private val bytes: ByteArray) : OutgoingContent.ByteArrayContent() {
        private val writes = AtomicInteger()

        override val contentLength = bytes.size.toLong()

        override fun bytes(): ByteArray {
            if (writes.incrementAndGet() == 1) {
                throw IOException("broke off")
            }
            return bytes
        }
    }
}
