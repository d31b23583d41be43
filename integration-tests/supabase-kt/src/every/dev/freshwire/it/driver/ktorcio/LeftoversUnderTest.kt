package dev.freshwire.it.driver.ktorcio

import dev.freshwire.it.driver.Call
import dev.freshwire.it.driver.Reply
import java.io.IOException
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull

/** The text of the reply tells how many jobs are left below that of the request when it has ended, well or not. */
class LeftoversUnderTest : KtorCioUnderTest(false) {
    override fun call(call: Call): Reply = runBlocking {
        lateinit var execution: Job
        val status = try {
            statusOf(call) { execution = it }
        } catch (_: IOException) {
            0
        }
        withTimeoutOrNull(5_000) {
            while (below(execution) > 0) {
                delay(5)
            }
        }
        Reply(status, 0, "${below(execution)} left")
    }

    private fun below(job: Job): Int = job.children.sumOf { 1 + below(it) }
}
