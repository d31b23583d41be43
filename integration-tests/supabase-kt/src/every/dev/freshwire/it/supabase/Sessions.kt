package dev.freshwire.it.supabase

import io.github.jan.supabase.SupabaseClient
import java.net.HttpURLConnection
import java.net.URI
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

/** What the application does with its users. */
internal class Sessions(supabase: SupabaseClient) {
    private val auth = supabase.pluginManager.getPlugin(AuthPlugin)

    suspend fun signIn(email: String, password: String): JsonElement {
        auth.signInWith(EmailProvider) {
            this.email = email
            this.password = password
        }
        return current()
    }

    fun current(): JsonElement {
        val session = auth.currentSessionOrNull() ?: return JsonNull
        return buildJsonObject {
            put("access", session.accessToken)
            put("refresh", session.refreshToken)
        }
    }

    suspend fun user(): JsonElement = JsonPrimitive(auth.retrieveUserForCurrentSession().email)

    /** When the library has looked for a session of an earlier run. */
    suspend fun awaitInitialised(): JsonElement {
        withTimeout(10.seconds) { auth.awaitInitialization() }
        return current()
    }

    suspend fun refresh(): JsonElement {
        auth.refreshCurrentSession()
        return current()
    }

    /** One after the other, as they would come over days; the outcomes. */
    suspend fun refreshMany(count: Int): JsonElement =
        JsonArray(List(count) { attempt { auth.refreshCurrentSession() } })

    /** Waits until the library has, by itself, another access token than this one. */
    suspend fun awaitOtherThan(token: String): JsonElement {
        withTimeout(15.seconds) {
            auth.sessionStatus.first { it.accessTokenOrNull().let { now -> now != null && now != token } }
        }
        return current()
    }

    suspend fun signOut(): JsonElement {
        auth.signOut()
        return current()
    }

    /** The browser's part is played with a plain request that does not follow the redirect back. */
    suspend fun pkce(): JsonElement {
        val url = auth.getOAuthUrl(GithubProvider, redirectUrl = "http://localhost/back")
        // The library saves the verifier beside the caller.
        withTimeout(10.seconds) {
            while (auth.codeVerifierCache.loadCodeVerifier() == null) {
                delay(5)
            }
        }
        val code = withContext(Dispatchers.IO) {
            val browser = URI.create(url).toURL().openConnection() as HttpURLConnection
            browser.instanceFollowRedirects = false
            check(browser.responseCode == 302) { "authorize answered ${browser.responseCode}" }
            browser.getHeaderField("Location").substringAfter("code=")
        }
        auth.exchangeCodeForSession(code)
        return current()
    }
}
