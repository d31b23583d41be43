package dev.freshwire.it.driver.ktorcio

import dev.freshwire.it.driver.Call
import dev.freshwire.it.driver.Reply
import java.util.concurrent.Executors
import kotlin.coroutines.coroutineContext
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext

/**
 * Makes each call in a coroutine with a name, on a dispatcher with one thread, beside another coroutine that counts every
 * ten milliseconds. The text of the reply tells where the call went on, and how far that one came.
 */
class OnOneThreadUnderTest : KtorCioUnderTest(false) {
    override fun call(call: Call): Reply {
        val executor = Executors.newSingleThreadExecutor { work -> Thread(work, "the one") }
        return executor.asCoroutineDispatcher().use { one ->
            runBlocking {
                withContext(one + CoroutineName("mine")) {
                    var ticks = 0
                    val ticking = launch {
                        while (true) {
                            delay(10)
                            ticks++
                        }
                    }
                    val status = statusOf(call)
                    ticking.cancel()
                    val where = Thread.currentThread().name.substringBefore(" @")
                    val name = coroutineContext[CoroutineName]?.name
                    Reply(status, ticks.toLong(), "$name on $where")
                }
            }
        }
    }
}
